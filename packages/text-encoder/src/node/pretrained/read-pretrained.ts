import { access, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NetworkError, type StoredTensor } from '@bipvl/nn';
import { readCheckpoint } from '@bipvl/nn/node';
import type { TokenizerDefinition } from '../../tokenizer/definition.js';
import { createTokenizer, type Tokenizer, type WordPieceTokenizer } from '../../tokenizer/tokenizer.js';
import { fetchModel } from '../hub/fetch-model.js';
import { sha256OfFile } from '../hub/file-hash.js';
import type { HubOptions } from '../hub/hub-options.js';
import { readTokenizer } from '../tokenizer-folder.js';
import { type BertSizes, parseBertConfig } from './bert-config.js';

export interface ReadPretrainedOptions extends HubOptions {
  /** Does the splitting instead of `@xenova/transformers`; see `createTokenizer`. */
  readonly wordPiece?: WordPieceTokenizer;
}

/** A published BERT as it was read, before a network is made of it. */
export interface PretrainedFiles {
  readonly folder: string;
  readonly sizes: BertSizes;
  readonly definition: TokenizerDefinition;
  readonly tokenizer: Tokenizer;
  readonly weightsFile: string;
  /** SHA-256 of the file of weights, 64 hexadecimal digits. */
  readonly weightsHash: string;
}

/**
 * Reads configuration and tokenizer of a published BERT, a folder or the id of a model on the hub, which is fetched where the cache has not
 * got it. The weights are only looked for: `readWeights` reads them.
 * @throws NetworkError `unsupported-model`, `no-weights`, `tokenizer-and-weights` where it has more tokens than the weights have words;
 * `unreadable-tokenizer`, `bad-tokenizer`, `missing-peer`, and those of `fetchModel`.
 */
export async function readPretrained(
  source: string,
  { wordPiece, ...hub }: ReadPretrainedOptions = {},
): Promise<PretrainedFiles> {
  const folder = (await isFolder(source)) ? resolve(source) : await fetchModel(source, hub);
  const config = join(folder, 'config.json');
  const sizes = parseBertConfig(await readJson(config), config);
  const definition = await readTokenizer(folder);
  const tokenizer = await createTokenizer({ ...definition, ...(wordPiece && { wordPiece }) });
  if (tokenizer.vocabularySize > sizes.vocabulary) throw tooManyTokens(folder, tokenizer, sizes);
  const weightsFile = await findWeights(folder);
  return { folder, sizes, definition, tokenizer, weightsFile, weightsHash: await sha256OfFile(weightsFile) };
}

/** The tensors of its file of weights, under their published names. @throws NetworkError as `readCheckpoint` of `@bipvl/nn/node`. */
export async function readWeights({ weightsFile }: PretrainedFiles): Promise<Map<string, StoredTensor>> {
  return readCheckpoint(weightsFile);
}

const weightFiles = ['model.safetensors', 'pytorch_model.bin'];

async function findWeights(folder: string): Promise<string> {
  for (const name of weightFiles) {
    const path = join(folder, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new NetworkError('no-weights', `${folder} has no ${weightFiles.join(' and no ')}`, {
    kind: 'data',
    hint: 'save the model with save_pretrained of transformers, or copy its whole folder',
  });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NetworkError('unsupported-model', `${path} cannot be read (${reason})`, {
      kind: 'data',
      hint: 'give the folder of a BERT, with config.json, its tokenizer and its weights in it',
      cause,
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function tooManyTokens(
  folder: string,
  { vocabularySize }: Tokenizer,
  { vocabulary }: BertSizes,
): NetworkError {
  const message = `${folder}: the tokenizer has ${vocabularySize} tokens, the weights have ${vocabulary} words`;
  return new NetworkError('tokenizer-and-weights', message, {
    kind: 'data',
    hint: 'put the tokenizer that the weights were trained with into the folder',
  });
}
