import { type FileHandle, open } from 'node:fs/promises';
import { NetworkError } from '../errors.js';

/** The whole file; Node's own readFile refuses files above 2 GiB. @throws NetworkError `read-failed` */
export async function readWholeFile(path: string): Promise<Uint8Array> {
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
