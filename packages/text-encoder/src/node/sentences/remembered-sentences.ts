import type { StoredTensor } from '@bipvl/nn';
import type { SentenceEncoder } from '../../sentence-encoder.js';
import { tensorFolder } from '../tensor-folder.js';

/**
 * A sentence encoder that keeps its vectors in a folder, a file for each list of texts under the hash of encoder and texts. A file that is
 * damaged is computed again.
 * @throws NetworkError `write-failed` from `encode` where the folder cannot be written to
 */
export function rememberedSentences(encoder: SentenceEncoder, folder: string): SentenceEncoder {
  const store = tensorFolder(folder);
  return {
    id: encoder.id,
    width: encoder.width,
    encode: async (texts) => {
      const key = JSON.stringify([encoder.id, texts]);
      const known = rowsOf(await store.recall(key), texts.length, encoder.width);
      if (known !== undefined) return known;
      const vectors = await encoder.encode(texts);
      await store.keep(key, packed(vectors, encoder.width));
      return vectors;
    },
  };
}

function rowsOf(stored: StoredTensor | undefined, count: number, width: number): Float32Array[] | undefined {
  if (!(stored?.data instanceof Float32Array) || stored.shape.join() !== [count, width].join())
    return undefined;
  const { data } = stored;
  return Array.from({ length: count }, (_, row) => data.slice(row * width, (row + 1) * width));
}

function packed(vectors: readonly Float32Array[], width: number): StoredTensor {
  const data = new Float32Array(vectors.length * width);
  for (const [row, vector] of vectors.entries()) data.set(vector, row * width);
  return { dtype: 'F32', shape: [vectors.length, width], data };
}
