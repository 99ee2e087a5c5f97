import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { affinesClose } from '../geometry/affine.js';
import { ORIENTATION_CODES, orientationCode } from '../geometry/orientation.js';
import { orient } from '../transforms/orient.js';
import { bigEndian, counted, OBLIQUE, patched } from './bytes.test-support.js';
import { decodeNifti } from './decode.js';
import { encodeNifti } from './encode.js';
import { parseNifti } from './parse.js';

const TYPES = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;

describe('NIfTI round trip', () => {
  it.each(TYPES.map((type) => [type.name, type] as const))(
    'keeps %s voxels in both byte orders',
    (_, type) => {
      const volume = counted([3, 4, 5], 2, type);
      const bytes = encodeNifti(volume);
      const swapped = bigEndian(bytes, volume.data.BYTES_PER_ELEMENT);
      for (const read of [parseNifti(bytes), parseNifti(swapped)]) {
        expect(read.data).toEqual(volume.data);
        expect([read.shape, read.channels]).toEqual([[3, 4, 5], 2]);
      }
    },
  );

  it('stores the first axis fastest and channels slowest, as NIfTI does', () => {
    const volume = { ...counted([2, 1, 1], 2, Uint8Array), data: Uint8Array.of(1, 2, 3, 4) };
    expect([...encodeNifti(volume).subarray(352)]).toEqual([1, 3, 2, 4]);
  });

  it('keeps sform, qform, codes and version of the file it came from bit for bit', () => {
    const geometry = {
      sformCode: [4],
      qformCode: [2],
      quaternion: [0.1, 0.2, 0.3],
      qoffset: [1.5, -2.25, 3.1],
    };
    const first = patched(encodeNifti(counted()), { ...geometry, pixdim: [-1, 1.1, 0.7, 2.3, 1, 1, 1, 1] });
    const mask = { ...parseNifti(first), data: new Uint8Array(60) };
    const again = encodeNifti(mask);
    expect(again.subarray(76, 92)).toEqual(first.subarray(76, 92));
    expect(again.subarray(252, 328)).toEqual(first.subarray(252, 328));
    const second = encodeNifti({ ...counted(), geometry: { ...storedOf(first), version: 2 } });
    expect(second.length).toBe(544 + 120);
    expect(encodeNifti(parseNifti(second))).toEqual(second);
  });

  it('keeps every orientation, within 32-bit rounding of the affine', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ORIENTATION_CODES),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }),
        (code, [d = 1, h = 1, w = 1]) => {
          const volume = orient(counted([d, h, w]), code);
          const read = parseNifti(encodeNifti(volume));
          expect(read.data).toEqual(volume.data);
          expect(orientationCode(read.affine)).toBe(code);
          expect(affinesClose(read.affine, volume.affine, 1e-5)).toBe(true);
        },
      ),
    );
  });

  it('writes a qform only where it says the same as the sform: not when the grid is sheared', () => {
    for (const code of ORIENTATION_CODES) {
      const turned = orient({ ...counted(), affine: ROTATED }, code);
      const both = encodeNifti(turned);
      const { qformCode } = storedOf(both);
      const qform = qformCode === 1 ? parseNifti(patched(both, { sformCode: [0] })) : parseNifti(both);
      expect(affinesClose(qform.affine, turned.affine, 1e-3), `${code}: ${qform.affine}`).toBe(true);
    }
    expect(storedOf(encodeNifti({ ...counted(), affine: ROTATED })).qformCode).toBe(1);
    expect(storedOf(encodeNifti(counted())).qformCode).toBe(0);
  });

  it('applies slope and intercept, where slope 0 means none', () => {
    const bytes = encodeNifti(counted());
    const scaled = parseNifti(patched(bytes, { slope: [0.5], intercept: [-3] }));
    expect(scaled.data).toBeInstanceOf(Float32Array);
    expect([...scaled.data.slice(0, 3)]).toEqual([-3, -2.5, -2]);
    expect(parseNifti(patched(bytes, { slope: [0], intercept: [9] })).data).toEqual(counted().data);
  });

  it('narrows 64-bit integers', () => {
    const wide = {
      ...counted([2, 1, 1], 1, Float64Array),
      data: new Float64Array(new BigInt64Array([-5n, 7n]).buffer),
    };
    const read = parseNifti(patched(encodeNifti(wide), { datatype: [1024] }));
    expect(read.data).toEqual(Int32Array.of(-5, 7));
    const large = { ...wide, data: new Float64Array(new BigInt64Array([1n << 40n, 7n]).buffer) };
    expect(parseNifti(patched(encodeNifti(large), { datatype: [1024] })).data).toEqual(
      Float64Array.of(2 ** 40, 7),
    );
    const huge = { ...wide, data: new Float64Array(new BigInt64Array([1n << 60n, 7n]).buffer) };
    const bytes = patched(encodeNifti(huge), { datatype: [1024] });
    expect(() => parseNifti(bytes)).toThrow(expect.objectContaining({ code: 'nifti-integer-range' }));
  });

  it('inflates with the web streams of a browser', async () => {
    const volume = counted([30, 30, 30], 1, Float32Array);
    const read = await decodeNifti(gzipSync(encodeNifti(volume)), 'scan');
    expect(read.data).toEqual(volume.data);
  });

  it('refuses to write values that the datatype cannot hold', () => {
    const write = (): Uint8Array =>
      encodeNifti({ ...counted([1, 1, 1]), data: Int16Array.of(300) }, { datatype: 'uint8' });
    expect(write).toThrow(expect.objectContaining({ code: 'value-out-of-range' }));
  });
});

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const ROTATED = [c, -2 * s, 0, 5, s, 2 * c, 0, -3, 0, 0, 0.5, 8, 0, 0, 0, 1] as const;

function storedOf(bytes: Uint8Array): NonNullable<ReturnType<typeof parseNifti>['geometry']> {
  const { geometry } = parseNifti(bytes);
  if (geometry === undefined) throw new Error('a parsed file has geometry');
  return geometry;
}

it('uses an oblique test grid', () => expect(orientationCode(OBLIQUE)).toBe('RAS'));
