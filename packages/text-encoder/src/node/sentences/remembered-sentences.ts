import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NetworkError, type StoredTensor } from '@bipvl/nn';
import { readSafetensors, writeSafetensors } from '@bipvl/nn/node';
import type { SentenceEncoder } from '../../sentence-encoder.js';

/**
 * A sentence encoder that keeps its vectors in a folder, a file for each list of texts under the hash of encoder and texts. A file that is
 * damaged is computed again.
 * @throws NetworkError `write-failed` from `encode` where the folder cannot be written to
 */
export function rememberedSentences(encoder: SentenceEncoder, folder: string): SentenceEncoder {
  return {
    id: encoder.id,
    width: encoder.width,
    encode: async (texts) => {
      const path = join(folder, `${sha256(JSON.stringify([encoder.id, texts]))}.safetensors`);
      const known = await recall(path, texts.length, encoder.width);
      if (known !== undefined) return known;
      const vectors = await encoder.encode(texts);
      await keep(path, folder, vectors, encoder.width);
      return vectors;
    },
  };
}

async function recall(path: string, count: number, width: number): Promise<Float32Array[] | undefined> {
  const file = await readSafetensors(path).catch(() => undefined);
  const vectors = file?.tensors.get('vectors');
  if (!(vectors?.data instanceof Float32Array) || vectors.shape.join() !== [count, width].join())
    return undefined;
  if (file?.metadata.get('sha256') !== hashOf(vectors.data)) return undefined;
  const { data } = vectors;
  return Array.from({ length: count }, (_, row) => data.slice(row * width, (row + 1) * width));
}

async function keep(
  path: string,
  folder: string,
  vectors: readonly Float32Array[],
  width: number,
): Promise<void> {
  const data = new Float32Array(vectors.length * width);
  for (const [row, vector] of vectors.entries()) data.set(vector, row * width);
  const stored: StoredTensor = { dtype: 'F32', shape: [vectors.length, width], data };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new NetworkError('write-failed', `${folder} cannot be made`, {
      kind: 'resource',
      hint: 'choose a folder that can be written to',
      cause,
    });
  }
  await writeSafetensors(path, new Map([['vectors', stored]]), new Map([['sha256', hashOf(data)]]));
}

function hashOf({ buffer, byteOffset, byteLength }: Float32Array): string {
  return sha256(new Uint8Array(buffer, byteOffset, byteLength));
}

function sha256(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}
