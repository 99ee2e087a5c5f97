import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ConceptError } from '../errors.js';
import type { ProviderReply } from '../generation/provider.js';
import { maximumReplyCharacters } from '../schema.js';
import { readLimitedText } from './limited-text.js';
import { writeWholeFile } from './whole-file.js';

const count = z.int().min(0);

const storedReply: z.ZodType<ProviderReply> = z.strictObject({
  text: z.string().max(maximumReplyCharacters),
  model: z.string().min(1),
  usage: z.strictObject({ input: count, output: count }).nullable(),
});

/** Replies that have been paid for, by the hash of what was asked; a damaged one counts as none. */
export class ReplyCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async find(hash: string): Promise<ProviderReply | undefined> {
    const text = await readLimitedText(this.#pathOf(hash), 4 * maximumReplyCharacters).catch(() => undefined);
    if (typeof text !== 'string') return undefined;
    return storedReply.safeParse(parsed(text)).data;
  }

  /** @throws ConceptError `unwritable-cache` */
  async keep(hash: string, reply: ProviderReply): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeWholeFile(this.#pathOf(hash), `${JSON.stringify(reply)}\n`);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConceptError('unwritable-cache', `${this.#folder}: cannot be written (${reason})`, {
        kind: 'resource',
        hint: 'Set BIPVL_CACHE to a folder that can be written to, or keep nothing with --no-cache.',
        cause,
      });
    }
  }

  #pathOf(hash: string): string {
    return join(this.#folder, `${hash}.json`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
