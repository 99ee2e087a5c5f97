import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counted } from '../nifti/bytes.test-support.js';
import { encodeNifti } from '../nifti/encode.js';
import { readJsonText } from './read-json-text.js';
import { readNifti } from './read-nifti.js';
import { withScanFile } from './scan-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-scan-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('withScanFile', () => {
  it('reads any part of a file, and no further than its end', async () => {
    const path = join(folder, 'ten');
    await writeFile(
      path,
      Uint8Array.from({ length: 10 }, (_, i) => i),
    );
    await withScanFile(path, async (file) => {
      expect(file.size).toBe(10);
      expect([...(await file.read(3, 4))]).toEqual([3, 4, 5, 6]);
      expect([...(await file.read(8, 100))]).toEqual([8, 9]);
      expect(await file.read(50, 4)).toHaveLength(0);
    });
  });

  it('refuses folders and missing files', async () => {
    const use = async (): Promise<void> => undefined;
    await expect(withScanFile(folder, use)).rejects.toMatchObject({ code: 'not-a-file', kind: 'data' });
    const nowhere = join(folder, 'nowhere');
    await expect(withScanFile(nowhere, use)).rejects.toMatchObject({ code: 'file-missing' });
  });

  it.skipIf(process.platform === 'win32')('does not wait for the writer of a pipe', async () => {
    const path = join(folder, 'pipe.nii');
    execFileSync('mkfifo', [path]);
    await expect(readNifti(path, {})).rejects.toMatchObject({ code: 'not-a-file' });
  });
});

describe('readNifti', () => {
  it('reads several gzip members, although the last one names a smaller size', async () => {
    const whole = encodeNifti(counted([20, 21, 22]));
    const path = join(folder, 'members.nii.gz');
    await writeFile(path, Buffer.concat([gzipSync(whole.subarray(0, 9000)), gzipSync(whole.subarray(9000))]));
    expect((await readNifti(path, {})).data).toEqual(counted([20, 21, 22]).data);
  });

  it('reads no more than the header promises, however large the file is', async () => {
    const path = join(folder, 'sparse.nii');
    await writeFile(path, encodeNifti(counted()));
    await truncate(path, 2 ** 33);
    const warnings: string[] = [];
    const { data } = await readNifti(path, { onWarning: (line) => warnings.push(line) });
    expect(data).toEqual(counted().data);
    expect(warnings).toHaveLength(1);
  });
});

describe('readJsonText', () => {
  it('judges the size before it reads', async () => {
    const path = join(folder, 'large.json');
    await writeFile(path, '{}');
    expect(await readJsonText(path)).toBe('{}');
    await truncate(path, 2 ** 33);
    await expect(readJsonText(path)).rejects.toMatchObject({ code: 'json-too-large' });
  });
});
