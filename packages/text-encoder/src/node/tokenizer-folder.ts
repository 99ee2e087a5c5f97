import { access, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NetworkError } from '@bipvl/nn';
import { atomicWrite } from '@bipvl/nn/node';
import type { TokenizerDefinition } from '../tokenizer/definition.js';
import { parseTokenizer } from '../tokenizer/parse.js';
import { parseVocabularyFile, type VocabularyFileConfig } from '../tokenizer/vocabulary-file.js';

/** The names Hugging Face gives them. */
const files = { tokenizerJson: 'tokenizer.json', tokenizerConfig: 'tokenizer_config.json' } as const;
const maximumBytes = 10_000_000;

/** What a tokenizer has that does not say otherwise: BERT's. */
const usual = { model_max_length: 512, pad_token: '[PAD]' };

/**
 * Reads the tokenizer in a folder of a Hugging Face BERT, files of at most 10 MB each: `tokenizer.json`, or where it has none `vocab.txt`;
 * and what `tokenizer_config.json` says of it.
 * @throws NetworkError `unreadable-tokenizer` naming the file, `bad-tokenizer` naming the key.
 */
export async function readTokenizer(folder: string): Promise<TokenizerDefinition> {
  const configPath = join(folder, files.tokenizerConfig);
  const config = (await exists(configPath)) ? await readJson(configPath) : {};
  const vocabulary = join(folder, 'vocab.txt');
  if (!(await exists(join(folder, files.tokenizerJson))) && (await exists(vocabulary))) {
    return parseVocabularyFile(await readText(vocabulary), config as VocabularyFileConfig);
  }
  return parseTokenizer({
    tokenizerJson: await readJson(join(folder, files.tokenizerJson)),
    tokenizerConfig: typeof config === 'object' ? { ...usual, ...config } : config,
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

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maximumBytes) throw tooLarge(path, size);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (NetworkError.isInstance(cause)) throw cause;
    throw unreadable(path, cause);
  }
}

const hint = 'give the folder of a BERT, with tokenizer.json and tokenizer_config.json or vocab.txt in it';

function unreadable(path: string, cause: unknown): NetworkError {
  const message = `${path} cannot be read (${reasonOf(cause)})`;
  return new NetworkError('unreadable-tokenizer', message, { kind: 'data', hint, cause });
}

function tooLarge(path: string, size: number): NetworkError {
  const message = `${path} has ${size} bytes, expected at most ${maximumBytes}`;
  return new NetworkError('unreadable-tokenizer', message, { kind: 'data', hint });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
