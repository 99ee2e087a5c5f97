import { access, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NetworkError } from '@bipvl/nn';
import type { Pooling } from '../../pooling.js';
import type { SentenceEncoder } from '../../sentence-encoder.js';
import { createTokenizer, type EncodedTexts } from '../../tokenizer/tokenizer.js';
import { fetchFiles, onnxFiles } from '../hub/fetch-model.js';
import { sha256OfFile } from '../hub/file-hash.js';
import type { HubOptions } from '../hub/hub-options.js';
import { readTokenizer } from '../tokenizer-folder.js';
import { loadOnnxRuntime, type OnnxRuntime, type OnnxSession, type OnnxTensor } from './load-onnx-runtime.js';

export interface OnnxSentencesOptions extends HubOptions {
  /** Default 'mean', which most sentence encoders were trained with. */
  readonly pooling?: Pooling;
  /** Longest text in tokens. Default 512. */
  readonly maxTokens?: number;
}

/**
 * An off-the-shelf sentence encoder in ONNX, a folder or the id of a model on the hub such as 'Xenova/all-MiniLM-L6-v2': a BERT's tokenizer
 * beside `onnx/model.onnx` or `model.onnx`, whose output `last_hidden_state` [M, L, H] is pooled. It computes by the runtime of
 * `@xenova/transformers` and cannot be trained.
 * @throws NetworkError `missing-peer`, `no-weights`, `bad-onnx-model`, and those of `fetchModel` and `readTokenizer`.
 */
export async function loadOnnxSentences(
  source: string,
  options: OnnxSentencesOptions = {},
): Promise<SentenceEncoder> {
  const { pooling = 'mean', maxTokens = 512, ...hub } = options;
  const folder = (await isFolder(source)) ? resolve(source) : await fetchFiles(source, onnxFiles, hub);
  const tokenizer = await createTokenizer(await readTokenizer(folder));
  const file = await findModel(folder);
  const runtime = await loadOnnxRuntime();
  const network = { runtime, file, session: await openSession(runtime, file), pooling };
  const encode = async (texts: readonly string[]) => run(network, tokenizer.encode(texts, { maxTokens }));
  const [probe] = await encode(['']);
  const id = `onnx ${await sha256OfFile(file)} ${tokenizer.id} ${pooling} ${maxTokens}`;
  return { id, width: probe?.length ?? 0, encode };
}

interface OnnxNetwork {
  readonly runtime: OnnxRuntime;
  readonly file: string;
  readonly session: OnnxSession;
  readonly pooling: Pooling;
}

async function run(network: OnnxNetwork, texts: EncodedTexts): Promise<Float32Array[]> {
  const { session, file } = network;
  const outputs = await session.run(inputsOf(network, texts)).catch((cause: unknown) => {
    throw badModel(file, `fails (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  });
  const hidden = outputs['last_hidden_state'] ?? outputs[session.outputNames[0] ?? ''];
  const [count, length] = [texts.ids.length, texts.length];
  if (
    !(hidden?.data instanceof Float32Array) ||
    hidden.dims[0] !== count ||
    hidden.dims[1] !== length ||
    hidden.dims.length !== 3
  ) {
    throw badModel(file, `gives [${hidden?.dims}], expected states [${count},${length},width]`);
  }
  const width = hidden.dims[2] as number;
  return texts.mask.map((mask, text) =>
    pooled(
      hidden.data as Float32Array,
      text * length * width,
      network.pooling === 'class' ? [1] : mask,
      width,
    ),
  );
}

/** Ids, mask and segments, of which a network takes those it names. */
function inputsOf(
  { runtime, session, file }: OnnxNetwork,
  { ids, mask, length }: EncodedTexts,
): Record<string, OnnxTensor> {
  const known: Readonly<Record<string, number[][]>> = {
    input_ids: ids,
    attention_mask: mask,
    token_type_ids: ids.map((row) => row.map(() => 0)),
  };
  const inputs = session.inputNames.map((name) => {
    const rows = known[name];
    if (rows === undefined)
      throw badModel(file, `asks for '${name}', expected ${Object.keys(known).join(', ')}`);
    return [
      name,
      new runtime.Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [ids.length, length]),
    ] as const;
  });
  return Object.fromEntries(inputs);
}

/** Mean of the tokens with a mask of 1, from `start` on. */
function pooled(states: Float32Array, start: number, mask: readonly number[], width: number): Float32Array {
  const sum = new Float32Array(width);
  const count = mask.filter((each) => each === 1).length;
  for (const [token, counts] of mask.entries()) {
    if (counts !== 1) continue;
    for (let i = 0; i < width; i++)
      sum[i] = (sum[i] as number) + (states[start + token * width + i] as number) / count;
  }
  return sum;
}

async function openSession({ InferenceSession }: OnnxRuntime, file: string): Promise<OnnxSession> {
  try {
    return await InferenceSession.create(file);
  } catch (cause) {
    throw badModel(
      file,
      `is refused by the runtime (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    );
  }
}

const modelFiles = ['onnx/model.onnx', 'model.onnx'];

async function findModel(folder: string): Promise<string> {
  for (const name of modelFiles) {
    const path = join(folder, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new NetworkError('no-weights', `${folder} has no ${modelFiles.join(' and no ')}`, {
    kind: 'data',
    hint: 'give the folder of a model that was exported to ONNX',
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function badModel(file: string, what: string, cause?: unknown): NetworkError {
  return new NetworkError('bad-onnx-model', `${file} ${what}`, {
    kind: 'data',
    hint: 'give a BERT-like encoder that was exported with input_ids and attention_mask to last_hidden_state',
    cause,
  });
}
