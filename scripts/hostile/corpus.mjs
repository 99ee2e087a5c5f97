import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cutFiles } from './cut-files.mjs';
import { datasetFolders } from './dataset-folders.mjs';
import { dicomFiles } from './dicom-files.mjs';
import { foreignFiles } from './foreign-files.mjs';
import { gzipStreams } from './gzip-streams.mjs';
import { headerLies } from './header-lies.mjs';
import { oddPlaces } from './odd-places.mjs';
import { recipes } from './recipes.mjs';
import { textHeaders } from './text-headers.mjs';

/**
 * @typedef {{ name: string, reader: 'scan' | 'dataset' | 'recipe', codes: (string | null)[], inMemory: boolean }} HostileFile
 *   `name` is the path below the corpus; `codes` are the errors it may be refused with, null where it may be read;
 *   `inMemory` files are handed to `decodeNifti` as well.
 */

/**
 * Writes every hostile file below `folder` and lists them.
 * @param {string} folder
 * @returns {HostileFile[]}
 */
export function makeCorpus(folder) {
  const nifti = [...headerLies(), ...cutFiles(), ...gzipStreams(), ...foreignFiles()];
  const scans = [...nifti, ...textHeaders(), ...dicomFiles(), ...oddPlaces()];
  return [
    ...scans.map((entry) => put(folder, entry, 'scan')),
    ...datasetFolders().map((entry) => put(folder, entry, 'dataset')),
    ...recipes().map((entry) => put(folder, entry, 'recipe')),
  ];
}

function put(folder, { name, code, bytes, make, files, text }, reader) {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  if (make !== undefined) make(path);
  else if (files === undefined) writeFileSync(path, bytes ?? text);
  else putFolder(path, files);
  return { name, reader, codes: [code].flat(), inMemory: bytes !== undefined && !name.endsWith('.dcm') };
}

function putFolder(path, files) {
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
}
