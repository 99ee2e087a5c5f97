import { describe, expect, it } from 'vitest';
import { countedBytes, type Fields, nrrdFile } from '../attached/text-files.test-support.js';
import { decodeNrrd } from './decode.js';

const DATA = countedBytes(60);
const read = (changes: Fields = {}, data = DATA) => decodeNrrd(nrrdFile(data, changes), 'a.nrrd');

/** Voxel (d, h, w) of a file that counts up, first axis fastest, is d + 3 h + 12 w: worked out by hand. */
function expectCounted(data: ArrayLike<number>): void {
  expect(data[0]).toBe(0);
  expect(data[1 * 20 + 2 * 5 + 3]).toBe(1 + 3 * 2 + 12 * 3);
  expect(data[59]).toBe(59);
}

const MANY_FIELDS = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`field${index}`, 'x']));

describe('decodeNrrd', () => {
  it.each(['raw', 'gzip'])('reads %s voxels first axis fastest, and LPS as RAS', async (encoding) => {
    const volume = await read({ encoding });
    expect(volume).toMatchObject({ shape: [3, 4, 5], channels: 1, data: expect.any(Int16Array) });
    expect(volume.affine).toEqual([-1.5, 0, 0, -10, 0, -2, 0, 20, 0, 0, 3, 30, 0, 0, 0, 1]);
    expectCounted(volume.data);
  });

  it.each([
    ['right-anterior-superior', 1, 1],
    ['LAS', -1, 1],
    ['LPS', -1, -1],
  ])('takes space %s to RAS', async (space, x, y) => {
    const directions = '(1,0.5,0.25) (-0.5,2,0) (0.125,0,3)';
    const { affine } = await read({ space, 'space directions': directions });
    const expected = [
      ...[x * 1, x * -0.5, x * 0.125, x * 10],
      ...[y * 0.5, y * 2, 0, y * -20],
      ...[0.25, 0, 3, 30, 0, 0, 0, 1],
    ];
    expect(affine).toEqual(expected);
  });

  it.each([
    ['signed char', Int8Array],
    ['uchar', Uint8Array],
    ['unsigned short', Uint16Array],
    ['int', Int32Array],
    ['uint32', Uint32Array],
    ['float', Float32Array],
    ['double', Float64Array],
  ])('reads type %s', async (type, array) => {
    const { data } = await read({ type }, countedBytes(60, array));
    expect(data).toBeInstanceOf(array);
    expectCounted(data);
  });

  it('reads big-endian voxels, and 64-bit integers that fit in 32 bits', async () => {
    const swapped = new Uint8Array(new Int16Array(DATA.buffer).slice().buffer);
    for (let i = 0; i < swapped.length; i += 2) swapped.subarray(i, i + 2).reverse();
    expectCounted((await read({ endian: 'big' }, swapped)).data);
    const long = new Uint8Array(BigInt64Array.from({ length: 60 }, (_, i) => BigInt(i)).buffer);
    const { data } = await read({ type: 'int64' }, long);
    expect(data).toBeInstanceOf(Int32Array);
    expectCounted(data);
  });

  it('reads channels before and after the axes of space', async () => {
    const first = { sizes: '2 3 2 1', dimension: '4', kinds: 'vector domain domain domain' };
    const one = await read(
      { ...first, 'space directions': 'none (1,0,0) (0,1,0) (0,0,1)' },
      countedBytes(12),
    );
    expect(one).toMatchObject({ shape: [3, 2, 1], channels: 2 });
    // Stored value 2 (d + 3 h) + c, in our order [d, h, c].
    expect([...one.data]).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
    const last = { sizes: '3 2 1 2', dimension: '4', kinds: 'domain domain domain list' };
    const two = await read(
      { ...last, 'space directions': '(1,0,0) (0,1,0) (0,0,1) (nan,nan,nan)' },
      countedBytes(12),
    );
    expect([...two.data]).toEqual([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]);
  });

  it('reads a single voxel, a single slice, and files that name no space (as ITK: LPS)', async () => {
    expect((await read({ sizes: '1 1 1' }, countedBytes(1))).data).toHaveLength(1);
    const flat = { dimension: '2', sizes: '3 4', kinds: undefined, 'space directions': '(0,0,2) (3,0,0)' };
    expect((await read(flat, countedBytes(12))).affine.slice(0, 12)).toEqual(
      [[0, -3, 0, -10], [0, 0, -1, 20], [2, 0, 0, 30]].flat(), // biome-ignore format: a matrix
    );
    const bare = { space: undefined, 'space directions': undefined, 'space origin': undefined };
    const { affine } = await read({ ...bare, spacings: '2 nan 4', 'axis mins': '5 nan nan' });
    expect(affine).toEqual([-2, 0, 0, -5, 0, -1, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1]);
  });

  it.each<[string, string, Fields]>([
    ['detached data', 'nrrd-detached', { 'data file': '/etc/passwd' }],
    ['bzip2', 'nrrd-unsupported', { encoding: 'bzip2' }],
    ['text', 'nrrd-unsupported', { encoding: 'ascii' }],
    ['blocks', 'nrrd-unsupported', { type: 'block' }],
    ['colours', 'nrrd-unsupported', { kinds: 'RGB-color domain domain' }],
    ['another space', 'nrrd-unsupported', { space: 'scanner-xyz' }],
    ['other units', 'nrrd-unsupported', { 'space units': '"cm" "cm" "cm"' }],
    ['bytes skipped', 'nrrd-unsupported', { 'byte skip': '-1' }],
    ['five dimensions', 'nrrd-unsupported', { dimension: '5' }],
    [
      'channels between',
      'nrrd-unsupported',
      {
        dimension: '4',
        sizes: '3 4 2 5',
        kinds: undefined,
        'space directions': '(1,0,0) (0,1,0) none (0,0,1)',
      },
    ],
    ['no type', 'nrrd-bad-header', { type: undefined }],
    ['no byte order', 'nrrd-bad-header', { endian: undefined }],
    ['a side of 0', 'nrrd-bad-header', { sizes: '3 0 5' }],
    ['sides that are no numbers', 'nrrd-bad-header', { sizes: '3 0x4 5' }],
    ['too few sides', 'nrrd-bad-header', { sizes: '3 4' }],
    [
      'directions that are not finite',
      'nrrd-bad-header',
      { 'space directions': '(1e999,0,0) (0,1,0) (0,0,1)' },
    ],
    ['directions that are no vectors', 'nrrd-bad-header', { 'space directions': '1 0 0' }],
    ['flat directions', 'nrrd-bad-affine', { 'space directions': '(1,0,0) (0,1,0) (1,1,0)' }],
    ['a claim of 4 GB', 'nrrd-too-large', { sizes: '40000 40000 40000' }],
    ['more than is there', 'nrrd-truncated', { sizes: '3 4 6' }],
    ['more than gzip can hold', 'nrrd-truncated', { encoding: 'gzip', sizes: '300 400 500' }],
    ['more than gzip holds', 'nrrd-truncated', { encoding: 'gzip', sizes: '3 4 6' }],
  ])('refuses %s as %s', async (_, code, changes) => {
    await expect(read(changes)).rejects.toThrow(expect.objectContaining({ code, kind: 'data' }));
    await expect(read(changes)).rejects.toThrow('a.nrrd: ');
  });

  it('refuses damaged streams, other files, long headers and lines that are no fields', async () => {
    const packed = nrrdFile(DATA, { encoding: 'gzip' });
    packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 1;
    const long = { content: 'x'.repeat(2 ** 20) };
    const cases: [Uint8Array, string][] = [
      [packed, 'nrrd-damaged'],
      [packed.subarray(0, packed.length - 12), 'nrrd-damaged'],
      [new Uint8Array(400), 'nrrd-not-nrrd'],
      [new TextEncoder().encode('NRRD0009\n\n'), 'nrrd-not-nrrd'],
      [new TextEncoder().encode('NRRD0004\nnothing\n\n'), 'nrrd-bad-header'],
      [new TextEncoder().encode('NRRD0004\ntype: int\ntype: int\n\n'), 'nrrd-bad-header'],
      [nrrdFile(DATA, long), 'nrrd-too-large'],
      [nrrdFile(DATA, MANY_FIELDS), 'nrrd-bad-header'],
      [
        nrrdFile(DATA, { spacings: '1'.repeat(2 ** 19), space: undefined, 'space directions': undefined }),
        'nrrd-bad-header',
      ],
    ];
    for (const [bytes, code] of cases) {
      await expect(decodeNrrd(bytes), code).rejects.toThrow(expect.objectContaining({ code }));
    }
  });

  it('warns of bytes after the last voxel', async () => {
    const warnings: string[] = [];
    for (const encoding of ['raw', 'gzip']) {
      const bytes = nrrdFile(countedBytes(61), { encoding });
      expectCounted((await decodeNrrd(bytes, encoding, { onWarning: (line) => warnings.push(line) })).data);
    }
    expect(warnings).toEqual(
      ['raw', 'gzip'].map((name) => `${name}: bytes after the last voxel are ignored`),
    );
  });
});
