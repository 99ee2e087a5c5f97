import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { loadEngine } from '@bipvl/engine';
import { encodeNifti, generatePhantom, orient, spacing, type Volume } from '@bipvl/preprocess';
import { readVolume, writeVolume } from '@bipvl/preprocess/node';
import { readBundle } from '@bipvl/segmenter/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeSmallBundle } from '../__fixtures__/small-bundle.js';
import { type PredictProgress, predict } from './predict.js';

const data =
  process.env['BIPVL_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const dicom = join(data, 'dicom_ct');

let folder: string;
let bundle: string;
let scans: string[];
let out: string;

beforeAll(async () => {
  await loadEngine();
  folder = await mkdtemp(join(tmpdir(), 'bipvl-predict-'));
  bundle = join(folder, 'bundle');
  await writeSmallBundle(bundle, 1);
  scans = [];
  // Upright, flipped, oblique, and turned with anisotropic voxels: the first four variants of the phantom.
  for (const { id, image } of generatePhantom({ cases: 4, shape: [20, 20, 15], spacing: [15, 15, 15] })) {
    const path = join(folder, 'scans', `${id}.nii.gz`);
    await writeVolume(path, image);
    scans.push(path);
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  out = join(await mkdtemp(join(folder, 'case-')), 'out');
});

/** The bytes of a NIfTI-1 header that place the grid: sides, spacings, both forms. */
async function placement(path: string): Promise<string> {
  const bytes = await readFile(path);
  const header = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
  return [header.subarray(40, 56), header.subarray(76, 108), header.subarray(252, 328)]
    .map((part) => part.toString('hex'))
    .join();
}

describe('predict', () => {
  test('writes one mask per scan, named after it, in its own geometry bit for bit', async () => {
    const seen: PredictProgress[] = [];
    const predicted = await predict(bundle, join(folder, 'scans'), {
      out,
      overlap: 0,
      onProgress: (step) => seen.push(step),
    });
    expect((await readdir(out)).sort()).toEqual(scans.map((path) => path.slice(-18)));
    for (const [index, { input, output, volumes }] of predicted.entries()) {
      expect(input).toBe(scans[index]);
      expect(await placement(output)).toBe(await placement(input));
      const [scan, mask] = [await readVolume(input), await readVolume(output)];
      expect(mask.affine).toEqual(scan.affine);
      expect(mask.shape).toEqual(scan.shape);
      expect(mask.data).toBeInstanceOf(Uint8Array);
      expect(volumes.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
      for (const { id, voxels } of volumes)
        expect(voxels).toBe([...mask.data].filter((value) => value === id).length);
    }
    // Random weights, but not blind: somewhere a class must come out.
    expect(predicted.some(({ volumes }) => volumes.some(({ ml }) => ml > 0))).toBe(true);
    expect(seen.filter(({ phase }) => phase === 'check').length).toBe(4);
    expect(seen.at(-1)).toEqual({ phase: 'predict', input: scans[3], done: 4, total: 4 });
  });

  test('a scan stored another way gets the same mask, voxel by voxel in space', async () => {
    const scan = await readVolume(scans[0] as string);
    const turned = join(out, '..', 'turned.nii');
    await writeVolume(turned, withoutGeometry(orient(scan, 'IPL')));
    await predict(bundle, [scans[0] as string, turned], { out });
    const upright = await readVolume(join(out, 'phantom_001.nii.gz'));
    const mask = await readVolume(join(out, 'turned.nii'));
    expect(await placement(join(out, 'turned.nii'))).toBe(await placement(turned));
    expect([...orient(mask, 'RAS').data]).toEqual([...upright.data]);
  });

  test('leaves no tensor behind, and masks of a second run replace the first', async () => {
    const before = tf.memory().numTensors;
    await predict(bundle, scans.slice(0, 1), { out });
    const first = await readFile(join(out, 'phantom_001.nii.gz'));
    await predict(bundle, scans.slice(0, 1), { out });
    expect(await readFile(join(out, 'phantom_001.nii.gz'))).toEqual(first);
    expect(await readdir(out)).toEqual(['phantom_001.nii.gz']);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a MetaImage gets the mask of the same scan in NIfTI', async () => {
    const scan = orient(await readVolume(scans[0] as string), 'LPS');
    const mha = join(out, '..', 'scan.mha');
    await writeFile(mha, metaImage(scan));
    const [fromMha] = await predict(bundle, mha, { out });
    const [fromNifti] = await predict(bundle, scans[0] as string, { out });
    expect(fromMha?.output).toBe(join(out, 'scan.nii.gz'));
    const [mask, same] = [await readVolume(fromMha?.output ?? ''), await readVolume(fromNifti?.output ?? '')];
    expect([...orient(mask, 'RAS').data]).toEqual([...orient(same, 'RAS').data]);
  });

  test.skipIf(!existsSync(dicom))('a DICOM series gets a mask on its own grid (needs the data)', async () => {
    const [file] = await predict(bundle, dicom, { out });
    expect(file?.output).toBe(join(out, 'dicom_ct.nii.gz'));
    const [mask, scan] = [await readVolume(file?.output ?? ''), await readVolume(dicom)];
    expect(mask.shape).toEqual([512, 512, 20]);
    scan.affine.forEach((entry, index) => {
      expect(mask.affine[index]).toBeCloseTo(entry, 3);
    });
  });

  test('the pair of .hdr and .img becomes one compressed file', async () => {
    const nii = join(out, '..', 'single.nii');
    await writeVolume(nii, await readVolume(scans[1] as string));
    const bytes = await readFile(nii);
    const header = Buffer.from(bytes.subarray(0, 352));
    header.write('ni1\0', 344, 'latin1');
    header.writeFloatLE(0, 108);
    await writeFile(join(out, '..', 'pair.hdr'), header);
    await writeFile(join(out, '..', 'pair.img'), bytes.subarray(352));
    const [file] = await predict(bundle, join(out, '..', 'pair.hdr'), { out });
    expect(file?.output).toBe(join(out, 'pair.nii.gz'));
    expect((await readVolume(file?.output ?? '')).affine).toEqual((await readVolume(nii)).affine);
  });
});

/** An uncompressed MetaImage of a volume in LPS, 16 bits a voxel. */
function metaImage(scan: Volume): Buffer {
  const [dx, dy, dz] = spacing(scan.affine);
  const lines = [
    'ObjectType = Image',
    'NDims = 3',
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    `Offset = ${-scan.affine[3]} ${-scan.affine[7]} ${scan.affine[11]}`,
    'TransformMatrix = 1 0 0 0 1 0 0 0 1',
    `ElementSpacing = ${dx} ${dy} ${dz}`,
    `DimSize = ${scan.shape.join(' ')}`,
    'ElementType = MET_SHORT',
    'ElementDataFile = LOCAL',
  ];
  const voxels = encodeNifti({ ...scan, data: Int16Array.from(scan.data) }).subarray(352);
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), voxels]);
}

function withoutGeometry({ data, shape, channels, affine }: Volume): Volume {
  return { data, shape, channels, affine };
}

describe('predict refuses, before anything is written,', () => {
  const attempt = (inputs: string | string[]) => predict(bundle, inputs, { out });

  async function refused(inputs: string | string[], error: object): Promise<void> {
    await expect(attempt(inputs)).rejects.toMatchObject(error);
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  }

  test('a good scan beside a truncated one, by its name', async () => {
    const cut = join(out, '..', 'cut.nii.gz');
    await writeFile(cut, (await readFile(scans[0] as string)).subarray(0, 3000));
    await refused([scans[0] as string, cut], { kind: 'data', message: expect.stringContaining(cut) });
  });

  test('what is no NIfTI, by name or by content', async () => {
    const text = join(out, '..', 'notes.txt');
    const fake = join(out, '..', 'fake.nii.gz');
    await writeFile(text, 'hello');
    await writeFile(fake, 'hello');
    await refused(text, { code: 'not-scan-name', kind: 'data', message: expect.stringContaining(text) });
    await refused(fake, { kind: 'data', message: expect.stringContaining(fake) });
  });

  test('a missing scan and an empty folder', async () => {
    await refused(join(folder, 'nowhere.nii.gz'), { code: 'input-missing', kind: 'data' });
    await mkdir(join(out, '..', 'empty'));
    await refused(join(out, '..', 'empty'), { code: 'no-scan', kind: 'data' });
    await refused([], { code: 'no-input', kind: 'usage' });
  });

  test('another number of channels, and voxels that are not finite', async () => {
    const scan = await readVolume(scans[0] as string);
    const two = join(out, '..', 'two.nii.gz');
    const length = scan.data.length;
    await writeVolume(two, {
      ...scan,
      channels: 2,
      data: Float32Array.from({ length: 2 * length }, (_, i) => i),
    });
    await refused(two, {
      code: 'channel-mismatch',
      message: `${two}: has 2 channel(s), the bundle reads 1 (CT)`,
    });
    const holes = join(out, '..', 'holes.nii.gz');
    await writeVolume(holes, { ...scan, data: Float32Array.from(scan.data).fill(Number.NaN, 7, 8) });
    await refused(holes, { code: 'not-finite', message: expect.stringContaining('voxel') });
  });

  test('two scans of one name', async () => {
    const other = join(out, '..', 'PHANTOM_001.nii.gz');
    await copyFile(scans[1] as string, other);
    await refused([scans[0] as string, other], { code: 'same-name', kind: 'usage' });
  });

  test('an out folder that is a file, or below one', async () => {
    const file = join(out, '..', 'file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'deeper')]) {
      await expect(predict(bundle, scans, { out: place })).rejects.toMatchObject({
        code: 'unwritable-folder',
        kind: 'resource',
        message: expect.stringContaining(place),
      });
    }
  });

  test('to write over a scan, also through a link', async () => {
    const before = await readFile(scans[0] as string);
    await expect(predict(bundle, scans, { out: join(folder, 'scans') })).rejects.toMatchObject({
      code: 'overwrites-input',
    });
    const link = join(out, '..', 'link');
    await symlink(join(folder, 'scans'), link);
    await expect(predict(bundle, scans, { out: link })).rejects.toMatchObject({ code: 'overwrites-input' });
    expect(await readFile(scans[0] as string)).toEqual(before);
  });

  test('a folder that is no bundle, and an overlap of 1', async () => {
    await expect(predict(folder, scans, { out })).rejects.toMatchObject({ code: 'bundle-missing' });
    await expect(predict(bundle, scans, { out, overlap: 1 })).rejects.toMatchObject({ code: 'bad-overlap' });
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('the bundle of these tests fuses text', async () => {
  const { segmenter } = await readBundle(bundle);
  expect(segmenter.config.method).toBe('bipvl-seg');
  segmenter.network.dispose();
});
