import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PreprocessError } from '../errors.js';
import { bigEndian, counted, patched } from './bytes.test-support.js';
import { decodeNifti } from './decode.js';
import { encodeNifti } from './encode.js';
import type { FieldName } from './header-layout.js';
import { parseNifti } from './parse.js';

const GOOD = encodeNifti(counted());
const SLOW_MS = 50;

const LIES: readonly (readonly [string, Partial<Record<FieldName, readonly number[]>>, string])[] = [
  ['rank 0', { dim: [0, 3, 4, 5, 1, 1, 1, 1] }, 'nifti-bad-dimensions'],
  ['rank 8', { dim: [8, 3, 4, 5, 1, 1, 1, 1] }, 'nifti-bad-dimensions'],
  ['a side of 0', { dim: [3, 3, 0, 5, 1, 1, 1, 1] }, 'nifti-bad-dimensions'],
  ['a negative side', { dim: [3, 3, -4, 5, 1, 1, 1, 1] }, 'nifti-bad-dimensions'],
  [
    '281 TB',
    { dim: [3, 32767, 32767, 32767, 1, 1, 1, 1], datatype: [64], bitsPerVoxel: [64] },
    'nifti-too-large',
  ],
  ['two channel axes', { dim: [5, 3, 1, 1, 2, 2, 1, 1] }, 'nifti-too-many-dimensions'],
  ['more voxels than bytes', { dim: [3, 3, 4, 6, 1, 1, 1, 1] }, 'nifti-truncated'],
  ['RGB', { datatype: [128], bitsPerVoxel: [24] }, 'nifti-unsupported-datatype'],
  ['complex', { datatype: [32], bitsPerVoxel: [64] }, 'nifti-unsupported-datatype'],
  ['an unknown datatype', { datatype: [77] }, 'nifti-unsupported-datatype'],
  ['a wrong bitpix', { bitsPerVoxel: [8] }, 'nifti-bad-datatype'],
  ['a NaN slope', { slope: [Number.NaN] }, 'nifti-bad-scaling'],
  ['an infinite intercept', { intercept: [Number.POSITIVE_INFINITY] }, 'nifti-bad-scaling'],
  ['spacing 0', { pixdim: [1, 1, 0, 1, 1, 1, 1, 1] }, 'nifti-bad-spacing'],
  ['negative spacing', { pixdim: [1, 1, -1, 1, 1, 1, 1, 1] }, 'nifti-bad-spacing'],
  ['NaN spacing', { pixdim: [1, Number.NaN, 1, 1, 1, 1, 1, 1] }, 'nifti-bad-spacing'],
  ['an offset inside the header', { voxelOffset: [100] }, 'nifti-bad-offset'],
  ['an offset between bytes', { voxelOffset: [352.5] }, 'nifti-bad-offset'],
  ['a NaN offset', { voxelOffset: [Number.NaN] }, 'nifti-bad-offset'],
  ['huge extensions', { voxelOffset: [2 ** 30] }, 'nifti-too-large'],
  ['a NaN affine', { srow: [Number.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }, 'nifti-bad-affine'],
  ['a flat affine', { srow: [1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0] }, 'nifti-bad-affine'],
  ['a long quaternion', { sformCode: [0], qformCode: [1], quaternion: [0.9, 0.9, 0] }, 'nifti-bad-affine'],
];

describe('a hostile or damaged header', () => {
  it.each(LIES)('with %s is refused by name, plain and compressed', async (_, fields, code) => {
    const bytes = patched(GOOD, fields);
    const expected = expect.objectContaining({ name: 'PreprocessError', code, kind: 'data' });
    expect(() => parseNifti(bytes, 'scan.nii')).toThrow(expected);
    expect(() => parseNifti(bigEndian(bytes, 2), 'scan.nii')).toThrow(expected);
    await expect(decodeNifti(gzipSync(bytes), 'scan.nii.gz')).rejects.toThrow(expected);
    await expect(decodeNifti(gzipSync(bytes), 'scan.nii.gz')).rejects.toThrow(/^scan\.nii\.gz: /);
  });

  it('is refused when it is no NIfTI at all', () => {
    const wrongMagic = GOOD.slice();
    wrongMagic[345] = 0x20;
    for (const bytes of [new Uint8Array(0), new Uint8Array(400), GOOD.subarray(0, 347), wrongMagic]) {
      expect(() => parseNifti(bytes)).toThrow(expect.objectContaining({ code: 'not-nifti' }));
    }
  });

  it('cannot make a gzip bomb inflate beyond what it declares', async () => {
    const warnings: string[] = [];
    const bomb = gzipSync(Buffer.concat([GOOD, Buffer.alloc(64 * 2 ** 20)]));
    const read = await decodeNifti(bomb, 'bomb', { onWarning: (line) => warnings.push(line) });
    expect(read.data).toEqual(counted().data);
    expect(warnings).toHaveLength(1);
  });

  it('cannot claim more than its compressed size can hold', async () => {
    const claim = patched(GOOD, { dim: [3, 1000, 1000, 1000, 1, 1, 1, 1] });
    const started = performance.now();
    await expect(decodeNifti(gzipSync(claim))).rejects.toThrow(
      expect.objectContaining({ code: 'nifti-truncated' }),
    );
    expect(performance.now() - started).toBeLessThan(SLOW_MS);
  });

  it('names limits, which can be raised or lowered', () => {
    const read = (): unknown => parseNifti(GOOD, 'scan', { limits: { maxVoxels: 59 } });
    expect(read).toThrow(/maxVoxels is 59/);
    expect(parseNifti(GOOD, 'scan', { limits: { maxVoxels: 60 } }).shape).toEqual([3, 4, 5]);
  });

  it('never makes the parser throw anything but its own error', () => {
    let state = 12345;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let round = 0; round < 5000; round += 1) {
      const bytes = GOOD.slice(0, 1 + next(GOOD.length));
      for (let change = 0; change <= next(6); change += 1) bytes[next(bytes.length)] = next(256);
      try {
        parseNifti(bytes, 'fuzz', { limits: { maxVoxels: 1e6 } });
      } catch (error) {
        expect(PreprocessError.isInstance(error), String(error)).toBe(true);
      }
    }
  });
});
