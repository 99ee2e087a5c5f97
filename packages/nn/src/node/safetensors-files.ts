import { type FileHandle, open } from 'node:fs/promises';
import {
  type DecodeOptions,
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
} from '../checkpoints/safetensors.js';
import type { StoredTensor } from '../checkpoints/storage-types.js';
import { NetworkError } from '../errors.js';
import { atomicWrite, type WriteOptions, type Written } from './atomic-write.js';

/**
 * Reads and checks a safetensors file.
 * @throws NetworkError `read-failed` where the file cannot be read, `bad-safetensors` where it is malformed.
 */
export async function readSafetensors(
  path: string,
  limits: Omit<DecodeOptions, 'source'> = {},
): Promise<Safetensors> {
  const contents = await readFile(path);
  return decodeSafetensors(contents, { ...limits, source: path });
}

/**
 * Writes tensors so that the file is never half there; the same tensors give the same bytes.
 * @throws NetworkError `bad-stored-tensor`, `write-failed`
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata?: ReadonlyMap<string, string>,
  options: WriteOptions = {},
): Promise<Written> {
  return atomicWrite(path, encodeSafetensors(tensors, metadata), options);
}

/** The whole file; Node's own readFile refuses files above 2 GiB. */
async function readFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      return await readAll(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NetworkError('read-failed', `cannot read ${path}: ${reason}`, {
      kind: 'data',
      hint: 'check the path and its permissions',
      cause,
    });
  }
}

async function readAll(file: FileHandle): Promise<Uint8Array> {
  const contents = new Uint8Array((await file.stat()).size);
  for (let position = 0; position < contents.byteLength; ) {
    const { bytesRead } = await file.read(
      contents,
      position,
      Math.min(2 ** 30, contents.byteLength - position),
      null,
    );
    if (bytesRead === 0) throw cutShort(position, contents.byteLength);
    position += bytesRead;
  }
  return contents;
}

function cutShort(position: number, length: number): NetworkError {
  const message = `it ends after ${position} of ${length} bytes`;
  return new NetworkError('cut-short', message, { kind: 'data', hint: 'read it when no one writes to it' });
}
