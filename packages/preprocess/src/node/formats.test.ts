import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { metaReadImageNode, nrrdReadImageNode } from '@itk-wasm/image-io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countedBytes, metaFile, nrrdFile } from '../attached/text-files.test-support.js';
import { dicomFile, RUN_LENGTHS, runLengths, words } from '../dicom/dicom-file.test-support.js';
import { affinesClose } from '../geometry/affine.js';
import { counted } from '../nifti/bytes.test-support.js';
import { toFileOrder } from '../nifti/voxels.js';
import { orient } from '../transforms/orient.js';
import type { Volume } from '../volume.js';
import { readVolume } from './read-volume.js';
import { writeVolume } from './write-volume.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-formats-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function saved(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

const data =
  process.env['BIPVL_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const series = join(data, 'dicom_ct');
const twin = join(data, 'totalsegmentator/abdomen_ct_slab/ct.nii.gz');
const haveTwins = existsSync(series) && existsSync(twin);

describe.skipIf(!haveTwins)(`a CT series and its NIfTI twin${haveTwins ? '' : ' (skipped: no data)'}`, () => {
  it('have the same voxels in the same place (needs data/dicom_ct)', async () => {
    const [fromDicom, fromNifti] = [await readVolume(series), await readVolume(twin)].map((volume) =>
      orient(volume, 'RAS'),
    );
    expect(fromDicom?.shape).toEqual(fromNifti?.shape);
    expect(sameBytes(fromDicom, fromNifti)).toBe(true);
    expect(affinesClose(fromDicom?.affine ?? identity, fromNifti?.affine ?? identity, 1e-4)).toBe(true);
  }, 60_000);
});

function sameBytes(a: Volume | undefined, b: Volume | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return Buffer.compare(new Uint8Array(a.data.buffer), new Uint8Array(b.data.buffer)) === 0;
}

const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;

describe('readVolume', () => {
  it.each([
    ['raw.nrrd', nrrdFile(countedBytes(60)), nrrdReadImageNode],
    ['packed.nrrd', nrrdFile(countedBytes(60), { encoding: 'gzip' }), nrrdReadImageNode],
    ['raw.mha', metaFile(countedBytes(60)), metaReadImageNode],
    ['packed.mha', metaFile(countedBytes(60), { CompressedData: 'True' }), metaReadImageNode],
  ])('reads %s as itk-wasm does', async (name, bytes, readByItk) => {
    const path = await saved(name, bytes);
    const volume = await readVolume(path);
    const { image } = await readByItk(path);
    expect(image?.size).toEqual(volume.shape);
    // itk-wasm hands voxels over in shared memory; copied, the arrays compare by value.
    expect(Int16Array.from(image?.data as Int16Array)).toEqual(toFileOrder(volume.data, volume.shape, 1));
  });

  it('reads channels in the order of itk-wasm', async () => {
    const changes = { dimension: '4', kinds: 'domain domain domain list', sizes: '3 4 5 2' };
    const directions = { 'space directions': '(1,0,0) (0,1,0) (0,0,1) none' };
    const path = await saved('list.nrrd', nrrdFile(countedBytes(120), { ...changes, ...directions }));
    const volume = await readVolume(path);
    const image = (await nrrdReadImageNode(path)).image?.data as Int16Array;
    expect(volume.channels).toBe(2);
    const [d, h, w, c] = [2, 1, 3, 1];
    const ours = volume.data[((d * 4 + h) * 5 + w) * 2 + c];
    expect(ours).toBe(image[((w * 4 + h) * 3 + d) * 2 + c]);
  });

  it('refuses a damaged file, and one whose voxels are elsewhere', async () => {
    const bytes = metaFile(countedBytes(60), { CompressedData: 'True' });
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
    const files: [string, Uint8Array, string][] = [
      ['damaged.mha', bytes, 'mha-damaged'],
      ['cut.nrrd', nrrdFile(countedBytes(59)), 'nrrd-truncated'],
      ['head.nhdr', nrrdFile(countedBytes(60), { 'data file': 'x.raw' }), 'nrrd-detached'],
      ['head.mhd', metaFile(countedBytes(60), { ElementDataFile: 'x.raw' }), 'mha-detached'],
      ['text.dcm', new TextEncoder().encode('no scan'), 'dicom-empty'],
    ];
    for (const [name, content, code] of files) {
      const path = await saved(name, content);
      await expect(readVolume(path), name).rejects.toThrow(expect.objectContaining({ code }));
    }
  });

  it('reads a folder of slices, compressed or not, and a lone slice with a warning', async () => {
    const values = [0, 1, 2, 3, 4, 5].map((value) => value * 300);
    const common = { rescale: [1, -1024] as const };
    for (let index = 0; index < 3; index += 1) {
      const position = [0, 0, 3 * index];
      await saved(`plain/IM${index}`, dicomFile({ ...common, position, pixels: words(values) }));
      const packed = { ...common, position, syntax: RUN_LENGTHS, pixels: runLengths(values) };
      await saved(`packed/IM${index}`, dicomFile(packed));
    }
    await saved('plain/.hidden', new Uint8Array(10));
    const warnings: string[] = [];
    const options = { onWarning: (line: string) => warnings.push(line) };
    const plain = await readVolume(join(folder, 'plain'), options);
    expect(plain.data[0]).toBe(-1024);
    expect(await readVolume(join(folder, 'packed'), options)).toEqual(plain);
    expect(warnings).toEqual([]);
    const lone = await readVolume(join(folder, 'plain', 'IM1'), options);
    expect(lone.shape).toEqual([3, 2, 1]);
    expect(warnings).toEqual([expect.stringContaining('is one slice of a series')]);
  });

  it('tells an empty folder from one that is named like a file', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await expect(readVolume(empty)).rejects.toThrow(expect.objectContaining({ code: 'dicom-empty' }));
    const named = join(folder, 'folder.nii.gz');
    await mkdir(named);
    await expect(readVolume(named)).rejects.toThrow(expect.objectContaining({ code: 'not-a-file' }));
    const missing = readVolume(join(folder, 'nowhere'));
    await expect(missing).rejects.toThrow(expect.objectContaining({ code: 'file-missing' }));
  });
});

describe('writeVolume', () => {
  it.each(['pair.hdr', 'pair.img'])(
    'writes both files for %s, and reads them back by either',
    async (name) => {
      const home = await mkdtemp(join(folder, 'pair-'));
      const volume = counted([3, 4, 5], 2);
      await writeVolume(join(home, name), volume);
      expect((await readdir(home)).sort()).toEqual(['pair.hdr', 'pair.img']);
      const header = await readFile(join(home, 'pair.hdr'));
      // nifti1.h: a pair's header has 348 bytes and the magic "ni1" at 344.
      expect([header.length, header.toString('latin1', 344, 348)]).toEqual([348, 'ni1\0']);
      await writeVolume(join(home, 'single.nii'), volume);
      const single = await readVolume(join(home, 'single.nii'));
      for (const end of ['hdr', 'img']) expect(await readVolume(join(home, `pair.${end}`))).toEqual(single);
    },
  );

  it('refuses compressed pairs', async () => {
    const write = writeVolume(join(folder, 'pair.hdr.gz'), counted());
    await expect(write).rejects.toThrow(expect.objectContaining({ code: 'bad-path', kind: 'usage' }));
  });

  it('writes NIfTI-2 pairs for long sides', async () => {
    const path = join(folder, 'long.hdr');
    await writeVolume(path, counted([40_000, 1, 1]));
    const header = await readFile(path);
    expect([header.length, header.toString('latin1', 4, 12)]).toEqual([540, 'ni2\0\r\n\x1a\n']);
    expect((await readVolume(path)).shape).toEqual([40_000, 1, 1]);
  });
});
