import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readmeLines } from './readme-lines.mjs';

const PIPELINES = ['gdcm-read-image.js', 'gdcm-read-image.wasm.zst'];

const HTML =
  '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./page.js"></script>\n';

/** The page: the README's lines, and `readScan` on files that the check hands over as arrays of bytes. */
const pageCode = (lines) => `
import { applyRecipe, decodeNifti, encodeNifti, invertMask, parseRecipe, smallestIntegers } from '@bipvl/preprocess';
import { readScan } from '@bipvl/preprocess/browser';

async function fromScanToMask(bytes) {
${lines}}

window.readme = async (bytes) => {
  const { scan, mask } = await fromScanToMask(Uint8Array.from(bytes));
  return { affine: [...scan.affine], mask: [...mask] };
};
window.read = async (files, options) => {
  try {
    const volume = await readScan(files.map(({ name, bytes }) => new File([Uint8Array.from(bytes)], name)), options);
    return { shape: volume.shape, affine: volume.affine, type: volume.data.constructor.name, data: [...volume.data] };
  } catch (error) {
    return { code: error.code, message: error.message };
  }
};
window.ready = true;
`;

/** Bundles the page by Vite; returns the folder that is to be served. */
export async function bundlePage(root, folder) {
  const source = join(folder, 'site');
  mkdirSync(join(source, 'public/pipelines'), { recursive: true });
  writeFileSync(join(source, 'index.html'), HTML);
  writeFileSync(join(source, 'page.js'), pageCode(readmeLines(root)));
  const installed = join(folder, 'node_modules/@itk-wasm/image-io/dist/pipelines');
  for (const name of PIPELINES) cpSync(join(installed, name), join(source, 'public/pipelines', name));
  const { build } = await import(pathToFileURL(join(folder, 'node_modules/vite/dist/node/index.js')).href);
  await build({ root: source, logLevel: 'error', configFile: false });
  return join(source, 'dist');
}
