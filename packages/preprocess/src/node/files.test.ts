import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counted, patched } from '../nifti/bytes.test-support.js';
import { encodeNifti } from '../nifti/encode.js';
import { readVolume } from './read-volume.js';
import { writeMask, writeVolume } from './write-volume.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-preprocess-'));
});
afterAll(() => rm(folder, { recursive: true }));

const STRAIGHT = {
  ...counted([20, 21, 22]),
  affine: [2, 0, 0, -9, 0, 3, 0, 4, 0, 0, 1, 7, 0, 0, 0, 1] as const,
};

describe('readVolume', () => {
  it('reads plain files, compressed files and pairs alike', async () => {
    const bytes = encodeNifti(STRAIGHT);
    const [plain, packed, pair] = ['a.nii', 'a.nii.gz', 'b.hdr'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(plain, bytes);
    await writeFile(packed, gzipSync(bytes));
    const header = patched(bytes, { voxelOffset: [0] }).slice(0, 348);
    header[345] = 'i'.charCodeAt(0);
    await writeFile(pair, header);
    await writeFile(join(folder, 'b.img'), bytes.subarray(352));
    for (const path of [plain, packed, pair]) {
      const volume = await readVolume(path);
      expect(volume.data).toEqual(STRAIGHT.data);
      expect(volume.affine).toEqual(STRAIGHT.affine);
    }
  });

  it('refuses files that end early or are damaged, naming them', async () => {
    const bytes = encodeNifti(STRAIGHT);
    const packed = gzipSync(bytes);
    const flipped = packed.slice();
    flipped[packed.length - 6] = (flipped[packed.length - 6] ?? 0) ^ 1;
    const files: [string, Uint8Array, string][] = [
      ['short.nii', bytes.subarray(0, bytes.length - 1), 'nifti-truncated'],
      ['short.nii.gz', gzipSync(bytes.subarray(0, bytes.length - 1)), 'nifti-truncated'],
      ['cut.nii.gz', packed.subarray(0, packed.length - 20), 'nifti-gzip'],
      ['crc.nii.gz', flipped, 'nifti-gzip'],
      ['text.nii.gz', Buffer.from('not a scan at all'), 'not-nifti'],
    ];
    for (const [name, content, code] of files) {
      const path = join(folder, name);
      await writeFile(path, content);
      await expect(readVolume(path), name).rejects.toThrow(expect.objectContaining({ code, kind: 'data' }));
      await expect(readVolume(path), name).rejects.toThrow(`${path}: `);
    }
    await expect(readVolume(join(folder, 'no.nii'))).rejects.toThrow(
      expect.objectContaining({ code: 'file-missing' }),
    );
  });

  it('warns of bytes after the last voxel, and reads what was promised', async () => {
    const path = join(folder, 'long.nii.gz');
    await writeFile(path, gzipSync(Buffer.concat([encodeNifti(STRAIGHT), Buffer.alloc(7)])));
    const warnings: string[] = [];
    const volume = await readVolume(path, { onWarning: (line) => warnings.push(line) });
    expect(volume.data).toEqual(STRAIGHT.data);
    expect(warnings).toEqual([expect.stringContaining(path)]);
  });
});

describe('itk-wasm and our own decoder', () => {
  it.each([Uint8Array, Int16Array, Uint16Array, Int32Array, Float32Array, Float64Array])(
    'give the same %o',
    async (type) => {
      const path = join(folder, `both-${type.name}.nii.gz`);
      await writeVolume(path, { ...counted([7, 8, 9], 1, type), affine: STRAIGHT.affine });
      const [own, itk] = [
        await readVolume(path, { decoder: 'own' }),
        await readVolume(path, { decoder: 'itk-wasm' }),
      ];
      expect(itk).toEqual(own);
    },
  );

  it('both refuse damaged voxels and a checksum that does not fit, which itk-wasm alone would not see', async () => {
    const packed = gzipSync(encodeNifti(STRAIGHT), { level: 0 });
    for (const fromEnd of [500, 8]) {
      const damaged = packed.slice();
      damaged[packed.length - fromEnd] = (packed[packed.length - fromEnd] ?? 0) ^ 1;
      const path = join(folder, `damaged-${fromEnd}.nii.gz`);
      await writeFile(path, damaged);
      for (const decoder of ['own', 'itk-wasm'] as const) {
        await expect(readVolume(path, { decoder })).rejects.toThrow(
          expect.objectContaining({ code: 'nifti-gzip' }),
        );
      }
    }
  });

  it('does not hand itk-wasm what it reads wrongly', async () => {
    const path = join(folder, 'sheared.nii.gz');
    await writeVolume(path, counted());
    const read = readVolume(path, { decoder: 'itk-wasm' });
    await expect(read).rejects.toThrow(expect.objectContaining({ code: 'decoder-unsuitable' }));
  });

  it('leaves nothing running that keeps the process alive', async () => {
    const path = join(folder, 'exit.nii.gz');
    await writeVolume(path, STRAIGHT);
    const module = fileURLToPath(new URL('../../dist/node/index.js', import.meta.url));
    const script = `const { readVolume } = await import(${JSON.stringify(module)});
      console.log((await readVolume(${JSON.stringify(path)}, { decoder: 'itk-wasm' })).shape.join());`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 30_000,
    });
    expect(stdout.trim()).toBe('20,21,22');
  });
});

describe('writeVolume and writeMask', () => {
  it('write the same bytes for the same volume, for their owner alone', async () => {
    const [a, b] = [join(folder, 'once.nii.gz'), join(folder, 'new/twice.nii.gz')];
    await writeVolume(a, STRAIGHT);
    await writeVolume(b, STRAIGHT);
    expect(await readFile(a)).toEqual(await readFile(b));
    expect((await stat(a)).mode & 0o777).toBe(0o600);
  });

  it('store masks in the smallest integer type', async () => {
    const path = join(folder, 'mask.nii.gz');
    const types = [
      [0, 255, Uint8Array],
      [-1, 100, Int8Array],
      [0, 256, Uint16Array],
      [-129, 0, Int16Array],
      [0, 70000, Int32Array],
    ] as const;
    for (const [low, high, type] of types) {
      await writeMask(path, { ...counted([2, 1, 1]), data: Float64Array.of(low, high) });
      expect((await readVolume(path)).data).toEqual(type.of(low, high));
    }
    const half = writeMask(path, { ...counted([2, 1, 1]), data: Float32Array.of(0, 0.5) });
    await expect(half).rejects.toThrow(expect.objectContaining({ code: 'not-integers' }));
  });

  it('leave no temporary file behind when the target cannot be replaced', async () => {
    const blocked = join(folder, 'blocked');
    await writeVolume(join(blocked, 'scan.nii', 'inside.nii'), STRAIGHT);
    const write = writeVolume(join(blocked, 'scan.nii'), STRAIGHT);
    await expect(write).rejects.toThrow(expect.objectContaining({ code: 'file-unreadable' }));
    expect(await readdir(blocked)).toEqual(['scan.nii']);
  });
});
