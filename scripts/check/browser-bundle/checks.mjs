import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadTestSupport } from './load-test-support.mjs';
import { readmeLines } from './readme-lines.mjs';

const VALUES = [0, 300, 600, 900, 1200, 1500];
const SLICES = 3;

/** The checks in order, `[name, run]`; the last two look back on all before them. */
export async function checksOf(root, folder, page, url) {
  const files = await loadTestSupport(root, folder, 'attached/text-files.test-support.ts');
  const dicom = await loadTestSupport(root, folder, 'dicom/dicom-file.test-support.ts');
  const read = (list, options) => page.call('read', list.map(plain), options);
  return [
    ...readmeChecks(root, folder, page),
    ...textFileChecks(files, read),
    ...dicomChecks(dicom, read),
    ...lookBack(page, url),
  ];
}

function readmeChecks(root, folder, page) {
  return [
    [
      "the README's lines give the bytes that they give in Node, and the scan's own affine",
      async () => {
        const main = join(folder, 'node_modules/@bipvl/preprocess/dist/index.js');
        const library = await import(pathToFileURL(main).href);
        const bytes = scanOf(library);
        const { mask } = await inNode(library, readmeLines(root), bytes);
        const inPage = await page.call('readme', [...bytes]);
        assert.deepEqual(inPage.affine, AFFINE);
        assert.deepEqual(inPage.mask, [...mask]);
        const written = await library.decodeNifti(Uint8Array.from(inPage.mask));
        assert.deepEqual([...written.affine], AFFINE);
        assert.deepEqual([...new Set(written.data)].sort(), [0, 1]);
      },
    ],
  ];
}

// Left, posterior and superior first, so that going to RAS and back moves every voxel.
const AFFINE = [-2, 0, 0, 12, 0, -2, 0, 20, 0, 0, 3, -7, 0, 0, 0, 1];

function scanOf(library) {
  const shape = [12, 11, 10];
  const data = Int16Array.from({ length: 12 * 11 * 10 }, (_, index) => (index < 600 ? -500 : 400));
  return library.encodeNifti({ data, shape, channels: 1, affine: AFFINE });
}

/** Runs the README's lines on this side, with the same functions of the same tarball. */
async function inNode(library, lines, bytes) {
  const names = Object.keys(library);
  const AsyncFunction = (async () => undefined).constructor;
  return new AsyncFunction('bytes', ...names, lines)(bytes, ...names.map((name) => library[name]));
}

function textFileChecks({ countedBytes, metaFile, nrrdFile }, read) {
  const bytes = countedBytes(60);
  const scans = {
    'scan.nrrd': nrrdFile(bytes),
    'packed.nrrd': nrrdFile(bytes, { encoding: 'gzip' }),
    'scan.mha': metaFile(bytes),
    'packed.mha': metaFile(bytes, { CompressedData: 'True' }),
  };
  return Object.entries(scans).map(([name, content]) => [
    `${name} through readScan`,
    async () => {
      const volume = await read([{ name, bytes: content }]);
      assert.equal(volume.message, undefined);
      assert.deepEqual(volume.shape, [3, 4, 5]);
      assert.deepEqual(volume.affine.slice(0, 12), [-1.5, 0, 0, -10, 0, -2, 0, 20, 0, 0, 3, 30]);
      // Values count up with the first axis fastest: voxel (1, 2, 3) is 1 + 3 * 2 + 12 * 3.
      assert.equal(volume.data[1 * 20 + 2 * 5 + 3], 43);
    },
  ]);
}

function dicomChecks({ dicomFile, RUN_LENGTHS, runLengths, words }, read) {
  const series = (changes) =>
    Array.from({ length: SLICES }, (_, index) => ({
      name: `IM${index}`,
      bytes: dicomFile({ position: [0, 0, 3 * index], rescale: [1, -1024], ...changes }),
    }));
  const plainSeries = series({ pixels: words(VALUES) });
  const packedSeries = series({ syntax: RUN_LENGTHS, pixels: runLengths(VALUES) });
  const refused = (code, options) => [
    `compressed DICOM with ${JSON.stringify(options)}: ${code}`,
    async () => assert.equal((await read(packedSeries, options)).code, code),
  ];
  const accepted = (name, list, options) => [
    name,
    async () => {
      const volume = await read(list, options);
      assert.equal(volume.message, undefined);
      assert.deepEqual([volume.shape, volume.type], [[3, 2, SLICES], 'Int32Array']);
      // Column 1 of row 1 holds the fifth value of each slice, in Hounsfield units.
      assert.deepEqual(volume.data.slice(3 * SLICES, 4 * SLICES), new Array(SLICES).fill(1200 - 1024));
    },
  ];
  return [
    accepted('a DICOM series through readScan', plainSeries, {}),
    refused('pipelines-missing', {}),
    refused('pipelines-elsewhere', { pipelines: 'https://cdn.example/pipelines' }),
    refused('pipelines-unreachable', { pipelines: '/nowhere' }),
    accepted('a compressed DICOM series with its own pipelines', packedSeries, { pipelines: '/pipelines' }),
  ];
}

function lookBack({ requests, errors }, url) {
  const { host } = new URL(url);
  return [
    [
      `no request left the page's own host (${host})`,
      async () => {
        assert.ok(requests.some((address) => address.includes('/pipelines/gdcm-read-image.wasm.zst')));
        const foreign = requests.filter((address) => !isOwn(address, host));
        assert.deepEqual(foreign, []);
      },
    ],
    ['no error on the page', async () => assert.deepEqual(errors, [])],
  ];
}

/** Addresses of data and of blobs are in the page's own memory. */
function isOwn(address, host) {
  return /^(data|blob):/.test(address) || new URL(address).host === host;
}

function plain({ name, bytes }) {
  return { name, bytes: [...bytes] };
}
