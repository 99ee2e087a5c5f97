import { afterEach, describe, expect, it, vi } from 'vitest';
import { countedBytes, metaFile, nrrdFile } from '../attached/text-files.test-support.js';
import { dicomFile, RUN_LENGTHS, runLengths, words } from '../dicom/dicom-file.test-support.js';
import { counted } from '../nifti/bytes.test-support.js';
import { encodeNifti } from '../nifti/encode.js';
import { pipelinesUrl } from './pipelines.js';
import { readScan } from './read-scan.js';

const PAGE = new URL('https://hospital.example/viewer/index.html') as unknown as Location;
const VALUES = [0, 1, 2, 3, 4, 5];

function file(name: string, bytes: Uint8Array): File {
  return new File([bytes as Uint8Array<ArrayBuffer>], name);
}

afterEach(() => vi.unstubAllGlobals());

describe('readScan', () => {
  it('reads one file of each format', async () => {
    const scan = counted([3, 4, 5]);
    expect((await readScan(file('a.nii', encodeNifti(scan)))).data).toEqual(scan.data);
    for (const scanFile of [
      file('a.nrrd', nrrdFile(countedBytes(60), { encoding: 'gzip' })),
      file('a.mha', metaFile(countedBytes(60), { CompressedData: 'True' })),
    ]) {
      expect(await readScan(scanFile)).toMatchObject({ shape: [3, 4, 5], channels: 1 });
    }
    expect((await readScan(file('IM1', dicomFile()))).shape).toEqual([3, 2, 1]);
  });

  it('reads a series from its files, whatever else was dropped with them', async () => {
    const slices = [2, 0, 1].map((index) =>
      file(`IM${index}`, dicomFile({ position: [0, 0, index], pixels: words(VALUES.map((v) => v + index)) })),
    );
    const volume = await readScan([
      ...slices,
      file('.DS_Store', new Uint8Array(9)),
      file('DICOMDIR', dicomFile()),
    ]);
    expect([...volume.data.subarray(0, 3)]).toEqual([0, 1, 2]);
  });

  it('refuses no file, and compressed slices without pipelines', async () => {
    await expect(readScan([])).rejects.toThrow(expect.objectContaining({ code: 'no-files', kind: 'usage' }));
    vi.stubGlobal('location', PAGE);
    const packed = file('IM1', dicomFile({ syntax: RUN_LENGTHS, pixels: runLengths(VALUES) }));
    await expect(readScan(packed)).rejects.toThrow(expect.objectContaining({ code: 'pipelines-missing' }));
    const elsewhere = readScan(packed, { pipelines: 'https://cdn.example/pipelines' });
    await expect(elsewhere).rejects.toThrow(expect.objectContaining({ code: 'pipelines-elsewhere' }));
  });
});

describe('pipelinesUrl', () => {
  it('is absolute, without a slash at its end', () => {
    expect(pipelinesUrl({ pipelines: '/pipelines/' }, PAGE)).toBe('https://hospital.example/pipelines');
    expect(pipelinesUrl({ pipelines: 'wasm' }, PAGE)).toBe('https://hospital.example/viewer/wasm');
  });

  it('stays on the host of the page unless another is allowed', () => {
    const pipelines = 'https://cdn.example/itk';
    expect(pipelinesUrl({ pipelines, allowOtherHost: true }, PAGE)).toBe(pipelines);
    for (const other of [
      pipelines,
      '//cdn.example/itk',
      'http://hospital.example/itk',
      'data:text/plain,x',
    ]) {
      expect(() => pipelinesUrl({ pipelines: other }, PAGE)).toThrow(
        expect.objectContaining({ code: 'pipelines-elsewhere' }),
      );
    }
    expect(() => pipelinesUrl({ pipelines }, undefined)).toThrow(
      expect.objectContaining({ code: 'pipelines-elsewhere' }),
    );
    expect(() => pipelinesUrl({ pipelines: 'http://[' }, PAGE)).toThrow(
      expect.objectContaining({
        code: 'pipelines-missing',
        hint: expect.stringContaining('gdcm-read-image.wasm.zst'),
      }),
    );
  });
});
