import { describe, expect, it } from 'vitest';
import { countedBytes, type Fields, metaFile } from '../attached/text-files.test-support.js';
import { decodeMetaImage } from './decode.js';

const DATA = countedBytes(60);
const read = (changes: Fields = {}, data = DATA) => decodeMetaImage(metaFile(data, changes), 'a.mha');

/** Voxel (d, h, w) of a file that counts up, first axis fastest, is d + 3 h + 12 w: worked out by hand. */
function expectCounted(data: ArrayLike<number>): void {
  expect(data[0]).toBe(0);
  expect(data[1 * 20 + 2 * 5 + 3]).toBe(1 + 3 * 2 + 12 * 3);
  expect(data[59]).toBe(59);
}

describe('decodeMetaImage', () => {
  it.each(['False', 'True'])('reads voxels, compressed: %s, and LPS as RAS', async (CompressedData) => {
    const volume = await read({ CompressedData });
    expect(volume).toMatchObject({ shape: [3, 4, 5], channels: 1, data: expect.any(Int16Array) });
    expect(volume.affine).toEqual([-1.5, 0, 0, -10, 0, -2, 0, 20, 0, 0, 3, 30, 0, 0, 0, 1]);
    expectCounted(volume.data);
  });

  it('takes each row of TransformMatrix as the direction of one axis', async () => {
    // A turn by the angle of (0.6, 0.8) in LPS: axis 0 runs along (0.6, 0.8, 0), so its RAS step is 1.5 * (-0.6, -0.8, 0).
    const { affine } = await read({ TransformMatrix: '0.6 0.8 0 -0.8 0.6 0 0 0 1' });
    const expected = [-0.9, 1.6, 0, -10, -1.2, -1.2, 0, 20, 0, 0, 3, 30];
    for (const [index, value] of expected.entries()) expect(affine[index]).toBeCloseTo(value, 12);
  });

  it.each([
    ['MET_CHAR', Int8Array],
    ['MET_UCHAR', Uint8Array],
    ['MET_USHORT', Uint16Array],
    ['MET_INT', Int32Array],
    ['MET_LONG', Int32Array],
    ['MET_UINT', Uint32Array],
    ['MET_FLOAT', Float32Array],
    ['MET_DOUBLE', Float64Array],
  ])('reads %s', async (ElementType, array) => {
    const { data } = await read({ ElementType }, countedBytes(60, array));
    expect(data).toBeInstanceOf(array);
    expectCounted(data);
  });

  it('reads big-endian voxels', async () => {
    const swapped = DATA.slice();
    for (let i = 0; i < swapped.length; i += 2) swapped.subarray(i, i + 2).reverse();
    expectCounted((await read({ BinaryDataByteOrderMSB: 'True' }, swapped)).data);
  });

  it('reads channels, 2-D and 4-D images, and one voxel', async () => {
    const channels = { ElementNumberOfChannels: '2', DimSize: '3 2 1' };
    const one = await read(channels, countedBytes(12));
    expect([...one.data]).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
    const plane = {
      NDims: '2',
      TransformMatrix: '1 0 0 1',
      Offset: '1 2',
      ElementSpacing: '2 3',
      DimSize: '3 4',
    };
    const flat = await read(plane, countedBytes(12));
    expect(flat.affine).toEqual([-2, 0, 0, -1, 0, -3, 0, -2, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect(flat.shape).toEqual([3, 4, 1]);
    const times = {
      NDims: '4',
      TransformMatrix: '1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1',
      Offset: '0 0 0 0',
      ElementSpacing: '1 2 3 1',
      DimSize: '3 2 1 2',
    };
    const four = await read(times, countedBytes(12));
    expect(four).toMatchObject({ shape: [3, 2, 1], channels: 2 });
    expect([...four.data]).toEqual([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]);
    expect((await read({ DimSize: '1 1 1' }, countedBytes(1))).data).toHaveLength(1);
  });

  it.each<[string, string, Fields]>([
    ['detached data', 'mha-detached', { ElementDataFile: '../../etc/passwd' }],
    ['text', 'mha-unsupported', { BinaryData: 'False' }],
    ['arrays', 'mha-unsupported', { ElementType: 'MET_FLOAT_ARRAY' }],
    ['tubes', 'mha-unsupported', { ObjectType: 'Tube' }],
    ['bytes skipped', 'mha-unsupported', { HeaderSize: '-1' }],
    ['scaled values', 'mha-unsupported', { ElementToIntensityFunctionSlope: '2' }],
    ['five dimensions', 'mha-unsupported', { NDims: '5' }],
    [
      'a fourth axis in space',
      'mha-unsupported',
      {
        NDims: '4',
        DimSize: '3 2 1 2',
        Offset: '0 0 0 0',
        ElementSpacing: '1 1 1 1',
        TransformMatrix: '1 0 0 1 0 1 0 0 0 0 1 0 0 0 0 1',
      },
    ],
    [
      'times and channels',
      'mha-unsupported',
      { NDims: '4', DimSize: '3 2 1 2', ElementNumberOfChannels: '2' },
    ],
    ['no type', 'mha-bad-header', { ElementType: undefined }],
    ['a negative side', 'mha-bad-header', { DimSize: '3 -4 5' }],
    ['a flag that is none', 'mha-bad-header', { CompressedData: 'maybe' }],
    ['spacing of 0', 'mha-bad-header', { ElementSpacing: '1 0 1' }],
    ['an offset that is no number', 'mha-bad-header', { Offset: 'nan 0 0' }],
    ['axes that span no volume', 'mha-bad-affine', { TransformMatrix: '1 0 0 1 0 0 0 0 1' }],
    ['a claim of 4 GB', 'mha-too-large', { DimSize: '40000 40000 40000' }],
    ['more than is there', 'mha-truncated', { DimSize: '3 4 6' }],
    ['more than zlib can hold', 'mha-truncated', { CompressedData: 'True', DimSize: '300 400 500' }],
    ['more than zlib holds', 'mha-truncated', { CompressedData: 'True', DimSize: '3 4 6' }],
  ])('refuses %s as %s', async (_, code, changes) => {
    await expect(read(changes)).rejects.toThrow(expect.objectContaining({ code, kind: 'data' }));
    await expect(read(changes)).rejects.toThrow('a.mha: ');
  });

  it('refuses damaged streams, also where itk-wasm accepts them, other files and long headers', async () => {
    const damaged = metaFile(DATA, { CompressedData: 'True' });
    damaged[damaged.length - 2] = (damaged[damaged.length - 2] ?? 0) ^ 1;
    const text = (content: string): Uint8Array => new TextEncoder().encode(content);
    const cases: [Uint8Array, string][] = [
      [damaged, 'mha-damaged'],
      [damaged.subarray(0, damaged.length - 5), 'mha-damaged'],
      [text('no field here'), 'mha-not-mha'],
      [text('NDims = 3\n'), 'mha-not-mha'],
      [text('NDims = 3\nNDims = 3\nElementDataFile = LOCAL\n'), 'mha-bad-header'],
      [metaFile(DATA, { Offset: `${'1'.repeat(2 ** 19)}x 0 0` }), 'mha-bad-header'],
      [metaFile(DATA, { Comment: `${' '.repeat(2 ** 19)}x`, DimSize: '0 0 0' }), 'mha-bad-header'],
      [metaFile(DATA, { Comment: 'x'.repeat(2 ** 20) }), 'mha-too-large'],
    ];
    for (const [bytes, code] of cases) {
      await expect(decodeMetaImage(bytes), code).rejects.toThrow(expect.objectContaining({ code }));
    }
  });
});
