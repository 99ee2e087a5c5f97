import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NetworkError } from '@bipvl/nn';
import { readSafetensors, writeSafetensors } from '@bipvl/nn/node';
import type { TensorStore } from '../tensor-store.js';

/**
 * A store in a folder: a safetensors file for each key, named by the key's hash, with the hash of its numbers. A damaged file counts as none.
 * @throws NetworkError `write-failed` from `keep` where the folder cannot be written to
 */
export function tensorFolder(folder: string): TensorStore {
  const pathOf = (key: string) => join(folder, `${sha256(key)}.safetensors`);
  return {
    recall: async (key) => {
      const file = await readSafetensors(pathOf(key)).catch(() => undefined);
      const tensor = file?.tensors.get('tensor');
      if (tensor === undefined || file?.metadata.get('sha256') !== hashOf(tensor.data)) return undefined;
      return tensor;
    },
    keep: async (key, tensor) => {
      await makeFolder(folder);
      const metadata = new Map([['sha256', hashOf(tensor.data)]]);
      await writeSafetensors(pathOf(key), new Map([['tensor', tensor]]), metadata);
    },
  };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new NetworkError('write-failed', `${folder} cannot be made`, {
      kind: 'resource',
      hint: 'choose a folder that can be written to',
      cause,
    });
  }
}

function hashOf({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return sha256(new Uint8Array(buffer, byteOffset, byteLength));
}

function sha256(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}
