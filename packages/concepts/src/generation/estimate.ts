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
  /** Dollars for all attempts together; null where the price of the model is not known. */
  readonly dollars: number | null;
  /** The day the price was noted; null where it is not known. */
  readonly priceNoted: string | null;
}

/** Tokens of framing around each message, and around the schema, that a server may add. */
const overhead = 64;

/** The most that a request can cost: every byte a token, the reply as long as its cap, and every attempt billed. */
export function estimateCost(
  model: string,
  messages: readonly PromptMessage[],
  schema: unknown,
  outputTokens: number,
  attempts: number,
): Estimate {
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  const parts = [...messages.map(({ content }) => content), JSON.stringify(schema)];
  const inputTokens = parts.reduce((sum, part) => sum + bytes(part) + overhead, 0);
  const price = priceOf(model);
  const dollars =
    price === undefined ? null : ((inputTokens * price.input + outputTokens * price.output) * attempts) / 1e6;
  const priceNoted = price === undefined ? null : prices.noted;
  return { model, inputTokens, outputTokens, attempts, dollars, priceNoted };
}

/** The cap on the reply to a request about some classes: 600 tokens each, above the 6 * 64 that the lint allows, and 400 for the rest. */
export function replyTokens(classes: number): number {
  return 600 * classes + 400;
}
