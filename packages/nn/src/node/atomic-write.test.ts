import * as nodeFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NetworkError } from '../errors.js';
import { atomicWrite, type FileOperations, readSafetensors, writeSafetensors } from './index.js';

const old = new TextEncoder().encode('the old contents');
const fresh = Uint8Array.from({ length: 3 * 2 ** 20 + 5 }, (_, i) => i * 31);

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await nodeFiles.mkdtemp(join(tmpdir(), 'bipvl-write-'));
  path = join(folder, 'a file.safetensors');
});

afterEach(async () => {
  await nodeFiles.rm(folder, { recursive: true });
});

/** File operations of which the n-th call fails with this code; counts the calls. */
function failing(n: number, code: string): FileOperations & { calls: number } {
  const strike = (): void => {
    operations.calls += 1;
    if (operations.calls === n) throw Object.assign(new Error(`${code}: injected at call ${n}`), { code });
  };
  const wrapped = (handle: nodeFiles.FileHandle): nodeFiles.FileHandle =>
    new Proxy(handle, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (key === 'write' || key === 'sync' || key === 'read') strike();
          return Reflect.apply(member, target, args);
        };
      },
    });
  const operations = {
    calls: 0,
    open: async (...args: Parameters<typeof nodeFiles.open>) => {
      strike();
      return wrapped(await nodeFiles.open(...args));
    },
    rename: async (...args: Parameters<typeof nodeFiles.rename>) => {
      strike();
      return nodeFiles.rename(...args);
    },
    rm: nodeFiles.rm,
  };
  return operations;
}

describe('atomicWrite', () => {
  test('writes, replaces, keeps to its owner, and says length and hash', async () => {
    await atomicWrite(path, old);
    const written = await atomicWrite(path, fresh);
    expect(Buffer.from(fresh).equals(await nodeFiles.readFile(path))).toBe(true);
    expect(written.bytes).toBe(fresh.byteLength);
    expect(written.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await nodeFiles.stat(path)).mode & 0o777).toBe(0o600);
    expect(await nodeFiles.readdir(folder)).toEqual(['a file.safetensors']);
  });

  test.each(['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EMFILE', 'EDQUOT'])(
    '%s at any call leaves one whole file',
    async (code) => {
      const clean = failing(Number.POSITIVE_INFINITY, code);
      await atomicWrite(path, fresh, { files: clean });
      expect(clean.calls).toBeGreaterThan(8);
      for (let n = 1; n <= clean.calls; n++) {
        await nodeFiles.writeFile(path, old);
        const error: unknown = await atomicWrite(path, fresh, { files: failing(n, code) }).catch(
          (thrown: unknown) => thrown,
        );
        expect(NetworkError.isInstance(error) && error.code, `call ${n}`).toBe('write-failed');
        const found = await nodeFiles.readFile(path);
        // Only the sync of the folder comes after the rename.
        expect(found.equals(n >= clean.calls - 1 ? fresh : old), `call ${n}`).toBe(true);
        expect(await nodeFiles.readdir(folder)).toEqual(['a file.safetensors']);
      }
    },
  );

  test('a full disk names the bytes that are missing', async () => {
    const error: unknown = await atomicWrite(path, fresh, { files: failing(2, 'ENOSPC') }).catch(
      (thrown: unknown) => thrown,
    );
    expect(NetworkError.isInstance(error) && [error.kind, error.hint]).toEqual([
      'resource',
      `free at least ${fresh.byteLength} bytes in ${folder}`,
    ]);
    expect(await nodeFiles.readdir(folder)).toEqual([]);
  });

  test('notices bytes that come back changed', async () => {
    const corrupting: FileOperations = {
      ...nodeFiles,
      open: async (...args) => {
        if (args[1] === 'r' && String(args[0]).includes('.tmp-'))
          await nodeFiles.truncate(args[0] as string, 10);
        return nodeFiles.open(...args);
      },
    };
    await nodeFiles.writeFile(path, old);
    await expect(atomicWrite(path, fresh, { files: corrupting })).rejects.toThrow(
      '10 bytes read back differ',
    );
    expect(Buffer.from(old).equals(await nodeFiles.readFile(path))).toBe(true);
  });

  test('writes on where the disk takes less than it was given', async () => {
    const stingy: FileOperations = {
      ...nodeFiles,
      open: async (...args) => {
        const handle = await nodeFiles.open(...args);
        const write = handle.write.bind(handle) as (
          b: Uint8Array,
          o: number,
          l: number,
        ) => Promise<{ bytesWritten: number; buffer: Uint8Array }>;
        return Object.assign(handle, {
          write: (b: Uint8Array, o: number, l: number) => write(b, o, Math.min(l, 100_000)),
        });
      },
    };
    await atomicWrite(path, fresh, { files: stingy });
    expect(Buffer.from(fresh).equals(await nodeFiles.readFile(path))).toBe(true);
  });

  test('a folder that does not exist is named', async () => {
    await expect(atomicWrite(join(folder, 'none', 'x'), old)).rejects.toThrow(
      expect.objectContaining({ code: 'write-failed' }),
    );
  });
});

describe('safetensors files', () => {
  test('come back as they were written', async () => {
    const tensors = new Map([
      ['a', { dtype: 'F32', shape: [2, 1], data: new Float32Array([1.5, -2]) } as const],
    ]);
    await writeSafetensors(path, tensors, new Map([['format', 'pt']]));
    const back = await readSafetensors(path);
    expect(back.tensors).toEqual(tensors);
    expect(back.metadata.get('format')).toBe('pt');
  });

  test('that are absent or malformed are named', async () => {
    await expect(readSafetensors(path)).rejects.toThrow(expect.objectContaining({ code: 'read-failed' }));
    await nodeFiles.writeFile(path, 'not a safetensors file at all');
    await expect(readSafetensors(path)).rejects.toThrow(path);
  });
});
