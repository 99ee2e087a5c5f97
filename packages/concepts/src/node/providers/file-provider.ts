import { ConceptError } from '../../errors.js';
import type { ConceptProvider } from '../../generation/provider.js';
import { maximumReplyCharacters } from '../../schema.js';
import { readLimitedText } from '../limited-text.js';

/**
 * A reply that someone got elsewhere, from a file: for a machine without network, or a model that has no server.
 * @throws ConceptError `unreadable-reply`, `reply-too-large` when it is asked.
 */
export function fileProvider(path: string): ConceptProvider {
  return {
    name: 'file',
    attempts: 0,
    complete: async ({ model }) => ({ text: await readReplyFile(path), model, usage: null }),
  };
}

async function readReplyFile(path: string): Promise<string> {
  const text = await readLimitedText(path, 4 * maximumReplyCharacters).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConceptError('unreadable-reply', `${path}: cannot be read (${reason})`, {
      kind: 'data',
      hint: "Name a UTF-8 file that holds a model's reply.",
      cause,
    });
  });
  if (typeof text === 'string') return text;
  throw new ConceptError('reply-too-large', `${path}: ${text.bytes} bytes`, {
    kind: 'data',
    hint: 'Name a file that holds one reply.',
  });
}
