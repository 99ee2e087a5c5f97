import type { PromptMessage } from '../schema.js';
import { priceOf, prices } from './prices.js';

/** What a request can cost at most. */
export interface Estimate {
  readonly model: string;
  /** Never fewer than the model counts: a token is at least one byte. */
  readonly inputTokens: number;
  /** The cap that the request gives. */
  readonly outputTokens: number;
  /** How often the request may be sent, each failure included. */
  readonly attempts: number;
  /** US dollars for all attempts together; null where the price of the model is not known. */
  readonly dollars: number | null;
  /** The day the price was noted; null where it is not known. */
  readonly priceNoted: string | null;
}

/** What a cost is reckoned from. */
export interface EstimateInput {
  readonly model: string;
  readonly messages: readonly PromptMessage[];
  /** JSON schema of the reply, which is read like a prompt. */
  readonly schema: unknown;
  readonly outputTokens: number;
  readonly attempts: number;
}

/** Tokens of framing around each message, and around the schema, that a server may add. */
const framing = 64;

/** The most that a request can cost: every byte a token, the reply as long as its cap, and every attempt billed. */
export function estimateCost(input: EstimateInput): Estimate {
  const { model, outputTokens, attempts } = input;
  const parts = [...input.messages.map(({ content }) => content), JSON.stringify(input.schema)];
  const encoder = new TextEncoder();
  const inputTokens = parts.reduce((sum, part) => sum + encoder.encode(part).length + framing, 0);
  const once = dollarsFor(model, { input: inputTokens, output: outputTokens });
  return {
    model,
    inputTokens,
    outputTokens,
    attempts,
    dollars: once === null ? null : once * attempts,
    priceNoted: once === null ? null : prices.noted,
  };
}

/** US dollars for tokens of a model by the table of prices; null for a model that is not in it. */
export function dollarsFor(
  model: string,
  tokens: { readonly input: number; readonly output: number },
): number | null {
  const price = priceOf(model);
  if (price === undefined) return null;
  return (tokens.input * price.input + tokens.output * price.output) / 1e6;
}

/** The cap on the reply to a request about some classes: 600 tokens each, above the 6 x 64 that the lint allows, and 400 for the rest. */
export function replyTokens(classes: number): number {
  return 600 * classes + 400;
}
