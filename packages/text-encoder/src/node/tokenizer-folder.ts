import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NetworkError } from '@bipvl/nn';
import { atomicWrite } from '@bipvl/nn/node';
import type { TokenizerDefinition } from '../tokenizer/definition.js';
import { parseTokenizer } from '../tokenizer/parse.js';

/** The names Hugging Face gives them. */
const files = { tokenizerJson: 'tokenizer.json', tokenizerConfig: 'tokenizer_config.json' } as const;
const maximumBytes = 10_000_000;

/**
 * Reads a Hugging Face tokenizer folder of a BERT: `tokenizer.json` and `tokenizer_config.json`, at most 10 MB each.
 * @throws NetworkError `unreadable-tokenizer` naming the file, `bad-tokenizer` naming the key.
 */
export async function readTokenizer(folder: string): Promise<TokenizerDefinition> {
  return parseTokenizer({
    tokenizerJson: await readJson(join(folder, files.tokenizerJson)),
    tokenizerConfig: await readJson(join(folder, files.tokenizerConfig)),
  });
}

/**
 * Writes both files into a folder, which is made if need be; each whole or not at all.
 * @throws NetworkError `bad-tokenizer` before anything is written, `unwritable-file`, `write-failed`.
 */
export async function writeTokenizer(folder: string, definition: TokenizerDefinition): Promise<void> {
  const { tokenizerJson, tokenizerConfig } = parseTokenizer(definition);
  await makeFolder(folder);
  await atomicWrite(join(folder, files.tokenizerConfig), asBytes(tokenizerConfig));
  await atomicWrite(join(folder, files.tokenizerJson), asBytes(tokenizerJson));
}

function asBytes(value: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new NetworkError('unwritable-file', `${folder} cannot be made (${reasonOf(cause)})`, {
      kind: 'resource',
      hint: 'choose a place that can be written to',
      cause,
    });
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    if (size > maximumBytes) throw tooLarge(path, size);
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (cause) {
    if (NetworkError.isInstance(cause)) throw cause;
    throw new NetworkError('unreadable-tokenizer', `${path} cannot be read (${reasonOf(cause)})`, {
      kind: 'data',
      hint: 'give the folder of a BERT tokenizer, with tokenizer.json and tokenizer_config.json in it',
      cause,
    });
  }
}

function tooLarge(path: string, size: number): NetworkError {
  return new NetworkError(
    'unreadable-tokenizer',
    `${path} has ${size} bytes, expected at most ${maximumBytes}`,
    {
      kind: 'data',
      hint: 'give the folder of a BERT tokenizer, with tokenizer.json and tokenizer_config.json in it',
    },
  );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
