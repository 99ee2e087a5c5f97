import { describe, expect, it } from 'vitest';
import { voxelToWorld } from '../geometry/affine.js';
import {
  BIG_ENDIAN,
  dicomFile,
  EXPLICIT,
  IMPLICIT,
  PATIENT,
  RUN_LENGTHS,
  type TestElement,
  type TestSlice,
  words,
} from './dicom-file.test-support.js';
import { type ReadSeriesOptions, readSlices, type SliceSource } from './read-series.js';

function source(bytes: Uint8Array, name = 'slice'): SliceSource {
  return {
    name,
    size: async () => bytes.length,
    read: async (start, length) => bytes.subarray(start, Math.min(bytes.length, start + length)),
  };
}

const undecodable = async (): Promise<unknown> => {
  throw new RangeError('no codec in this test');
};

function readFiles(files: readonly Uint8Array[], options: ReadSeriesOptions = {}, decode = undecodable) {
  const sources = files.map((bytes, index) => source(bytes, `slice-${index}`));
  return readSlices(sources, 'series', options, decode);
}

const readOne = (slice: TestSlice) => readFiles([dicomFile(slice)]);

/** `count` slices 3 mm apart along z; every pixel of slice `k` is `10 k`. */
function stack(count: number, changes: (index: number) => TestSlice = () => ({})): TestSlice[] {
  return Array.from({ length: count }, (_, index) => ({
    position: [10, 20, 3 * index],
    pixels: words(new Array(6).fill(10 * index)),
    ...changes(index),
  }));
}

describe('readSlices', () => {
  it('sorts slices by place, whatever the order of the files, and takes LPS to RAS', async () => {
    const files = stack(4).map(dicomFile);
    const order = [2, 0, 3, 1].map((index) => files[index] as Uint8Array);
    const volume = await readFiles(order);
    expect(volume).toMatchObject({ shape: [3, 2, 4], channels: 1 });
    expect([...volume.data.subarray(0, 4)]).toEqual([0, 10, 20, 30]);
    // 1.5 mm to the next column, 2 mm to the next row (PixelSpacing is [rows, columns]), 3 mm to the next slice.
    expect(volume.affine).toEqual([-1.5, 0, 0, -10, 0, -2, 0, -20, 0, 0, 3, 0, 0, 0, 0, 1]);
  });

  it('keeps rows and columns apart', async () => {
    const { data, shape } = await readOne({ pixels: words([0, 1, 2, 3, 4, 5]) });
    expect(shape).toEqual([3, 2, 1]);
    expect([...data]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it('places oblique slices', async () => {
    const orientation = [0.6, 0.8, 0, 0, 0, -1]; // the normal is their cross product, (-0.8, 0.6, 0)
    const at = (k: number): number[] => [1 - 0.8 * 4 * k, 2 + 0.6 * 4 * k, 3];
    const files = stack(3, (index) => ({ orientation, position: at(index) })).map(dicomFile);
    const { affine } = await readFiles(files.reverse());
    // LPS of column 2, row 1, slice 2: at(2) + 2 * 1.5 * (0.6, 0.8, 0) + 2 * (0, 0, -1), then x and y change sign.
    const expected = [-(1 - 6.4 + 1.8), -(2 + 4.8 + 2.4), 3 - 2];
    for (const [axis, value] of voxelToWorld(affine, [2, 1, 2]).entries()) {
      expect(value).toBeCloseTo(expected[axis] as number, 10);
    }
  });

  it('keeps the shear of a tilted gantry', async () => {
    const files = stack(3, (index) => ({ position: [0, 0.5 * index, 3 * index] })).map(dicomFile);
    const { affine } = await readFiles(files);
    expect([affine[2], affine[6], affine[10]]).toEqual([0, -0.5, 3]);
  });

  it('scales each slice by its own slope and intercept, into the smallest type that holds all', async () => {
    const whole = await readOne({
      bits: [16, 12, 11],
      rescale: [1, -1024],
      pixels: words([0, 1, 2, 3, 4, 4095]),
    });
    expect(whole.data).toEqual(Int16Array.of(-1024, -1021, -1023, -1020, -1022, 3071));
    const files = stack(2, (index) => ({
      rescale: [0.5 * (index + 1), -10] as const,
      pixels: words([8, 8, 8, 8, 8, 8]),
    }));
    const mixed = await readFiles(files.map(dicomFile));
    expect(mixed.data).toBeInstanceOf(Float32Array);
    expect([...mixed.data.subarray(0, 2)]).toEqual([-6, -2]);
  });

  it('reads signed and unsigned values of 8, 16 and 32 bits, and drops bits that hold none', async () => {
    const cases: [TestSlice, readonly number[], unknown][] = [
      [{ signed: true, pixels: words([-5, 6]) }, [-5, 6], Int16Array],
      [{ pixels: words([65535, 6]) }, [65535, 6], Uint16Array],
      [{ bits: [8, 8, 7], pixels: Uint8Array.of(200, 7) }, [200, 7], Uint8Array],
      [{ bits: [8, 8, 7], signed: true, pixels: Uint8Array.of(200, 7) }, [-56, 7], Int8Array],
      [{ bits: [32, 32, 31], pixels: words([1, 2, 3, 0]) }, [131073, 3], Uint32Array],
      // 12 bits with graphics in the four above: 0xf801 is 0x801, which is -2047 when signed.
      [{ bits: [16, 12, 11], signed: true, pixels: words([0xf801, 0x1002]) }, [-2047, 2], Int16Array],
      [{ bits: [16, 12, 11], pixels: words([0xf801, 0x1002]) }, [0x801, 2], Uint16Array],
      [{ bits: [16, 12, 15], pixels: words([0x8010, 0x002f]) }, [0x801, 2], Uint16Array],
    ];
    for (const [slice, values, type] of cases) {
      const { data } = await readOne({ ...slice, rows: 1, columns: 2 });
      expect([...data]).toEqual(values);
      expect(data).toBeInstanceOf(type);
    }
  });

  it('reads implicit and big-endian files, and sequences without a length', async () => {
    const sequence = Uint8Array.of(
      ...[0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff], // item of undefined length
      ...[0x08, 0x00, 0x00, 0x01, 0x53, 0x48, 0x02, 0x00, 0x41, 0x42], // (0008,0100) SH "AB"
      ...[0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0],
    );
    const plain = await readOne({});
    expect(await readOne({ syntax: IMPLICIT })).toEqual(plain);
    const swapped = words([0, 1, 2, 3, 4, 5].map((value) => value << 8));
    expect(await readOne({ syntax: BIG_ENDIAN, pixels: swapped })).toEqual(plain);
    const nested = dicomFile({ elements: [[0x0008_1140, 'SQ', sequence]] });
    const at = nested.findIndex((_, index) => nested[index] === 0x40 && nested[index + 1] === 0x11);
    nested.set([0xff, 0xff, 0xff, 0xff], at + 6);
    expect(await readFiles([nested])).toEqual(plain);
  });

  it('lists several series without naming anyone, and reads the one that is chosen', async () => {
    const other = stack(2, () => ({ series: '9.9', modality: 'MR', rescale: [1, 7] as const }));
    const files = [...other, ...stack(3)].map(dicomFile);
    const several = readFiles(files);
    await expect(several).rejects.toThrow(
      'series: holds 2 series (0: 3 slice(s) of 3x2, CT; 1: 2 slice(s) of 3x2, MR)',
    );
    await expect(several).rejects.toThrow(expect.objectContaining({ code: 'dicom-several-series' }));
    expect((await readFiles(files, { series: 1 })).data[0]).toBe(7);
    const none = readFiles(files, { series: 2 });
    await expect(none).rejects.toThrow(
      expect.objectContaining({ code: 'dicom-no-such-series', kind: 'usage' }),
    );
  });

  it('says where a slice is missing, doubled or out of line', async () => {
    const files = stack(6).map(dicomFile);
    const without = files.filter((_, index) => index !== 3);
    await expect(readFiles(without)).rejects.toThrow(
      'slices 3 and 4 (from 6.00 mm along the normal) are 6.000 mm apart, the others 3.000 mm: 1 missing between them',
    );
    const cases: [(index: number) => TestSlice, string][] = [
      [(index) => (index === 4 ? { position: [10, 20, 9] } : {}), 'dicom-duplicate-slice'],
      [(index) => (index === 3 ? { position: [10, 20, 10] } : {}), 'dicom-uneven-slices'],
      [(index) => (index === 3 ? { position: [11, 20, 9] } : {}), 'dicom-uneven-slices'],
      [(index) => (index === 3 ? { spacing: [2, 2] } : {}), 'dicom-mixed-slices'],
      [(index) => (index === 3 ? { orientation: [0, 1, 0, 1, 0, 0] } : {}), 'dicom-mixed-slices'],
      [(index) => (index === 3 ? { rows: 3, columns: 2 } : {}), 'dicom-mixed-slices'],
    ];
    for (const [changes, code] of cases) {
      const read = readFiles(stack(6, changes).map(dicomFile));
      await expect(read, code).rejects.toThrow(expect.objectContaining({ code }));
    }
    const rounded = stack(6, (index) => ({ position: [10, 20, 3 * index + (index % 2) * 0.01] }));
    expect((await readFiles(rounded.map(dicomFile))).shape).toEqual([3, 2, 6]);
  });

  it('leaves out, with a warning, what is no image, and drops overlays', async () => {
    const report = dicomFile({ elements: [[0x7fe0_0010, '', '']] });
    const overlay = dicomFile({ elements: [[0x6000_3000, 'OW', words([0])]] });
    const warnings: string[] = [];
    const volume = await readFiles([report, new Uint8Array(300), overlay], {
      onWarning: (line) => warnings.push(line),
    });
    expect(volume.shape).toEqual([3, 2, 1]);
    expect(warnings).toEqual([
      'slice-0: holds no image and is left out',
      'slice-1: is no DICOM file and is left out',
      'slice-2: graphics laid over its pixels (overlay planes) are dropped',
    ]);
    await expect(readFiles([report])).rejects.toThrow(expect.objectContaining({ code: 'dicom-empty' }));
  });
});

describe('what is refused of a DICOM file', () => {
  it.each<[string, string, TestElement]>([
    ['text in the pixels', 'dicom-burned-in', [0x0028_0301, 'CS', 'YES']],
    ['several frames', 'dicom-multi-frame', [0x0028_0008, 'IS', '2']],
    ['colour', 'dicom-colour', [0x0028_0004, 'CS', 'RGB']],
    ['three samples', 'dicom-colour', [0x0028_0002, 'US', 3]],
    ['inverted values', 'dicom-unsupported', [0x0028_0004, 'CS', 'MONOCHROME1']],
    ['12 bits allocated', 'dicom-unsupported', [0x0028_0100, 'US', 12]],
    ['a high bit below the stored ones', 'dicom-unsupported', [0x0028_0102, 'US', 3]],
    ['no position', 'dicom-bad-header', [0x0020_0032, '', '']],
    ['a position that is no number', 'dicom-bad-header', [0x0020_0032, 'DS', '1\\2\\nan']],
    ['no rows', 'dicom-bad-header', [0x0028_0010, 'US', 0]],
    ['rows of two values', 'dicom-bad-header', [0x0028_0010, 'US', words([2, 2])]],
    ['slope 0', 'dicom-bad-header', [0x0028_1053, 'DS', '0']],
    ['axes that are not at right angles', 'dicom-bad-affine', [0x0020_0037, 'DS', '1\\0\\0\\1\\0\\0']],
    ['negative spacing', 'dicom-bad-affine', [0x0028_0030, 'DS', '-1\\1']],
    ['fewer pixels than promised', 'dicom-truncated', [0x0028_0010, 'US', 500]],
  ])('%s: %s', async (_, code, element) => {
    const read = readOne({ elements: [element] });
    await expect(read).rejects.toThrow(expect.objectContaining({ code, kind: 'data' }));
    const text = await read.catch((error: Error & { hint: string }) => `${error.message} ${error.hint}`);
    expect(text).toContain('slice-0: ');
    expect(text).not.toContain(PATIENT);
  });

  it('files that end early or are too large, at whichever byte', async () => {
    const bytes = dicomFile({});
    for (let length = 133; length < bytes.length; length += 1) {
      await expect(readFiles([bytes.subarray(0, length)])).rejects.toThrow(
        expect.objectContaining({ isBipvlError: true }),
      );
    }
    const header = readFiles([bytes], { limits: { maxExtensionBytes: 200 } });
    await expect(header).rejects.toThrow(expect.objectContaining({ code: 'dicom-too-large' }));
    const voxels = readFiles([bytes], { limits: { maxVoxels: 5 } });
    await expect(voxels).rejects.toThrow(expect.objectContaining({ code: 'dicom-too-large' }));
  });

  it('another transfer syntax, elements without type, and nesting without end', async () => {
    const deflated = dicomFile({ syntax: '1.2.840.10008.1.2.1.99' });
    await expect(readFiles([deflated])).rejects.toThrow(
      expect.objectContaining({ code: 'dicom-unsupported' }),
    );
    const untyped = dicomFile({ elements: [[0x0009_0001, '??', 'x ']] });
    await expect(readFiles([untyped])).rejects.toThrow(expect.objectContaining({ code: 'dicom-bad-header' }));
    const open = [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff, 0x09, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
    const deep = Uint8Array.from(new Array(500).fill(open).flat());
    const nested = dicomFile({ syntax: IMPLICIT, elements: [[0x0009_0001, 'SQ', deep]] });
    const at = nested.findIndex((_, index) => nested[index] === 9 && nested[index + 2] === 1);
    nested.set([0xff, 0xff, 0xff, 0xff], at + 4);
    await expect(readFiles([nested])).rejects.toThrow('nests more than 32 sequences');
  });

  it('compressed pixels that lack their end, do not decode, or decode to another size', async () => {
    const packed = dicomFile({ syntax: RUN_LENGTHS });
    const decoded = await readFiles([packed], {}, async () => Int16Array.of(1, 2, 3, 4, 5, 6));
    expect([...decoded.data]).toEqual([1, 4, 2, 5, 3, 6]);
    const refused: [Uint8Array, () => Promise<unknown>, string][] = [
      [packed.subarray(0, packed.length - 8), async () => Int16Array.of(1, 2, 3, 4, 5, 6), 'dicom-truncated'],
      [packed, undecodable, 'dicom-damaged'],
      [packed, async () => Int16Array.of(1, 2, 3), 'dicom-damaged'],
      [packed, async () => undefined, 'dicom-damaged'],
      [dicomFile({ syntax: RUN_LENGTHS, pixels: new Uint8Array(70_000) }), undecodable, 'dicom-too-large'],
    ];
    for (const [bytes, decode, code] of refused) {
      await expect(readFiles([bytes], {}, decode)).rejects.toThrow(expect.objectContaining({ code }));
    }
  });

  it('warns of loss, and of bytes after the last pixel', async () => {
    const warnings: string[] = [];
    const lossy: TestElement = [0x0028_2110, 'CS', '01'];
    const bytes = dicomFile({ syntax: EXPLICIT, pixels: words([0, 1, 2, 3, 4, 5, 6]), elements: [lossy] });
    await readFiles([bytes], { onWarning: (line) => warnings.push(line) });
    expect(warnings).toEqual([
      'slice-0: its pixels were compressed with loss once',
      'slice-0: 2 bytes after its last pixel are ignored',
    ]);
  });
});
