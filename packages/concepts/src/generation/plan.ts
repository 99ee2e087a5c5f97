import { type Estimate, estimateCost, replyTokens } from './estimate.js';
import type { ConceptProvider, ProviderRequest } from './provider.js';
import { replyJsonSchema } from './reply-schema.js';
import { type ConceptRequest, requestMessages } from './request.js';

/** A request that has not been sent, and what it can cost. */
export interface GenerationPlan {
  readonly request: ProviderRequest;
  readonly estimate: Estimate;
}

/** What would be sent to a model, and what it costs at most. @throws ConceptError of `requestMessages` */
export function planGeneration(
  wanted: ConceptRequest,
  model: string,
  { attempts }: Pick<ConceptProvider, 'attempts'>,
): GenerationPlan {
  const messages = requestMessages(wanted);
  const schema = replyJsonSchema();
  const maximumTokens = replyTokens(wanted.classes.length);
  return {
    request: { model, messages, schema, maximumTokens },
    estimate: estimateCost({ model, messages, schema, outputTokens: maximumTokens, attempts }),
  };
}
