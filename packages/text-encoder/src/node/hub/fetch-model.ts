import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { atomicWrite } from '@bipvl/nn/node';
import { download } from './download.js';
import { sha256OfFile } from './file-hash.js';
import { hubFault, reasonOf } from './hub-fault.js';
import { type Hub, type HubOptions, resolveHub } from './hub-options.js';

/** Files of a model that say the same, best first; of each row one is fetched. */
export type WantedFiles = readonly { readonly names: readonly string[]; readonly required: boolean }[];

const ofTokenizer: WantedFiles = [
  { names: ['tokenizer_config.json'], required: false },
  { names: ['tokenizer.json', 'vocab.txt'], required: true },
];

const forTexts: WantedFiles = [{ names: ['config.json'], required: true }, ...ofTokenizer];

const ofBert: WantedFiles = [
  ...forTexts,
  { names: ['model.safetensors', 'pytorch_model.bin'], required: true },
];

/** Those of an encoder in ONNX. */
export const onnxFiles: WantedFiles = [
  ...forTexts,
  { names: ['onnx/model.onnx', 'model.onnx'], required: true },
];

/** Says what has come into a folder of the cache: SHA-256 by name of file. */
const recordName = 'fetched.json';
type FetchRecord = Readonly<Record<string, string>>;

/**
 * Fetches a BERT of the hub into the cache and returns its folder there. A whole one is taken as it is, without a connection; a file whose
 * contents have changed since is fetched again.
 * @throws NetworkError `bad-model-id`, `model-not-found`, `gated-model`, `model-file-missing`, `offline`, `hub-unavailable`, `wrong-hash`,
 * `write-failed`, `bad-hub`
 */
export async function fetchModel(id: string, options: HubOptions = {}): Promise<string> {
  return fetchFiles(id, ofBert, options);
}

/** Fetches the tokenizer of a model alone, as `fetchModel` does; `readTokenizer` reads it from the folder. */
export async function fetchTokenizer(id: string, options: HubOptions = {}): Promise<string> {
  return fetchFiles(id, ofTokenizer, options);
}

/** The same for other files. */
export async function fetchFiles(id: string, wanted: WantedFiles, options: HubOptions): Promise<string> {
  if (!isModelId(id)) throw hubFault('bad-model-id', `'${id}' is no model id and no folder`);
  const hub = resolveHub(options);
  const folder = join(hub.cacheFolder, id.replace('/', '--'), hub.revision.replaceAll('/', '--'));
  const record = await readRecord(folder);
  const damaged = await damagedFiles(folder, { ...record, ...hub.sha256 });
  if (damaged.length === 0 && isWhole(record, wanted)) return folder;
  if (hub.offline) throw offline(id, folder, damaged);
  // Without a record nothing is known of what lies there.
  const doubtful = Object.keys(record).length === 0 ? wanted.flatMap(({ names }) => names) : damaged;
  await guarded(folder, () => Promise.all(doubtful.map((name) => rm(join(folder, name), { force: true }))));
  const fetched = { ...record, ...(await fetchRows(id, wanted, folder, hub)) };
  await atomicWrite(
    join(folder, recordName),
    new TextEncoder().encode(`${JSON.stringify(fetched, null, 2)}\n`),
  );
  return folder;
}

/** Whether a text can be the id of a model: `owner/name`, or a name alone. */
function isModelId(text: string): boolean {
  return /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)?$/.test(text) && !text.includes('..');
}

/** What a record says has come, of each row. */
function isWhole(record: FetchRecord, wanted: WantedFiles): boolean {
  return wanted.every(({ names, required }) => !required || names.some((name) => name in record));
}

async function fetchRows(id: string, wanted: WantedFiles, folder: string, hub: Hub): Promise<FetchRecord> {
  const record: Record<string, string> = {};
  for (const { names, required } of wanted) {
    const name = await fetchFirst(id, names, folder, hub);
    if (name !== undefined) record[name] = await sha256OfFile(join(folder, name));
    else if (required) throw hubFault('model-file-missing', `${id} has no ${names.join(' and no ')}`);
  }
  return record;
}

async function fetchFirst(
  id: string,
  names: readonly string[],
  folder: string,
  hub: Hub,
): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    if (await exists(path)) return name;
    await guarded(folder, () => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
    const base = hub.base.href.replace(/\/$/, '');
    const url = new URL(`${base}/${id}/resolve/${encodeURIComponent(hub.revision)}/${name}`);
    if (await download(url, name, path, hub)) return name;
  }
  return undefined;
}

/** Files that have another hash than they should. */
async function damagedFiles(folder: string, expected: FetchRecord): Promise<string[]> {
  const damaged: string[] = [];
  for (const [name, hash] of Object.entries(expected)) {
    const found = await sha256OfFile(join(folder, name)).catch(() => undefined);
    if (found !== hash) damaged.push(name);
  }
  return damaged;
}

/** Empty where there is none, or one that is damaged. */
async function readRecord(folder: string): Promise<FetchRecord> {
  try {
    return JSON.parse(await readFile(join(folder, recordName), 'utf8')) as FetchRecord;
  } catch {
    return {};
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function guarded(folder: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw hubFault('write-failed', `cannot write to ${folder}: ${reasonOf(cause)}`, cause);
  }
}

function offline(id: string, folder: string, damaged: readonly string[]): Error {
  const why = damaged.length > 0 ? `${damaged.join(', ')} in ${folder} is damaged` : `it is not in ${folder}`;
  return hubFault('offline', `${id} cannot be fetched offline, and ${why}`);
}
