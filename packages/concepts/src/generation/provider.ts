import type { PromptMessage, TokenUsage } from '../schema.js';

/** A request as a provider sends it. */
export interface ProviderRequest {
  readonly model: string;
  readonly messages: readonly PromptMessage[];
  /** JSON schema of the reply. */
  readonly schema: Record<string, unknown>;
  /** Cap on the reply, in tokens. */
  readonly maximumTokens: number;
  readonly signal?: AbortSignal | undefined;
}

/** A model's reply, word for word, and which model it was by its own word. */
export interface ProviderReply {
  readonly text: string;
  readonly model: string;
  readonly usage: TokenUsage | null;
}

/** Who is asked for texts. */
export interface ConceptProvider {
  /** What the stored set calls it, such as `openai https://api.openai.com/v1`. */
  readonly name: string;
  /** How often `complete` may send the request; 0 where it sends nothing and costs nothing. */
  readonly attempts: number;
  /** @throws ConceptError naming what went wrong. */
  complete(request: ProviderRequest): Promise<ProviderReply>;
}
