import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '@bipvl/nn/node';
import { download } from './download.js';
import { sha256OfFile } from './file-hash.js';
import { hubFault, reasonOf } from './hub-fault.js';
import { type Hub, type HubOptions, resolveHub } from './hub-options.js';

/** Files of a BERT that say the same, best first; of each row one is fetched. */
const wanted: readonly { readonly names: readonly string[]; readonly required: boolean }[] = [
  { names: ['config.json'], required: true },
  { names: ['tokenizer_config.json'], required: false },
  { names: ['tokenizer.json', 'vocab.txt'], required: true },
  { names: ['model.safetensors', 'pytorch_model.bin'], required: true },
];

/** Says that a folder of the cache is whole: SHA-256 by name of file. */
const recordName = 'fetched.json';
type FetchRecord = Readonly<Record<string, string>>;

/**
 * Fetches a BERT of the hub into the cache and returns its folder there. A whole one is taken as it is, without a connection; a file whose
 * contents have changed since is fetched again.
 * @throws NetworkError `bad-model-id`, `model-not-found`, `gated-model`, `model-file-missing`, `offline`, `hub-unavailable`, `wrong-hash`,
 * `write-failed`, `bad-hub`
 */
export async function fetchModel(id: string, options: HubOptions = {}): Promise<string> {
  if (!isModelId(id)) throw hubFault('bad-model-id', `'${id}' is no model id and no folder`);
  const hub = resolveHub(options);
  const folder = join(hub.cacheFolder, id.replace('/', '--'), hub.revision.replaceAll('/', '--'));
  const damaged = await damagedFiles(folder, hub);
  if (damaged?.length === 0) return folder;
  if (hub.offline) throw offline(id, folder, damaged);
  await prepare(folder, damaged ?? []);
  const record: Record<string, string> = {};
  for (const { names, required } of wanted) {
    const name = await fetchFirst(id, names, folder, hub);
    if (name !== undefined) record[name] = await sha256OfFile(join(folder, name));
    else if (required) throw hubFault('model-file-missing', `${id} has no ${names.join(' and no ')}`);
  }
  await atomicWrite(
    join(folder, recordName),
    new TextEncoder().encode(`${JSON.stringify(record, null, 2)}\n`),
  );
  return folder;
}

/** Whether a text can be the id of a model: `owner/name`, or a name alone. */
export function isModelId(text: string): boolean {
  return /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)?$/.test(text) && !text.includes('..');
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
    const base = hub.base.href.replace(/\/$/, '');
    const url = new URL(`${base}/${id}/resolve/${encodeURIComponent(hub.revision)}/${name}`);
    if (await download(url, name, path, hub)) return name;
  }
  return undefined;
}

/** Files that are not what was fetched, or what is asked for; undefined where the folder was never whole. */
async function damagedFiles(folder: string, { sha256 }: Hub): Promise<string[] | undefined> {
  const text = await readFile(join(folder, recordName), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const record = readRecord(text);
  if (record === undefined) return wanted.flatMap(({ names }) => names);
  const damaged: string[] = [];
  for (const [name, hash] of Object.entries({ ...record, ...sha256 })) {
    const found = await sha256OfFile(join(folder, name)).catch(() => undefined);
    if (found !== hash) damaged.push(name);
  }
  return damaged;
}

function readRecord(text: string): FetchRecord | undefined {
  try {
    return JSON.parse(text) as FetchRecord;
  } catch {
    return undefined;
  }
}

async function prepare(folder: string, damaged: readonly string[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of damaged) await rm(join(folder, name), { force: true });
  } catch (cause) {
    throw hubFault('write-failed', `cannot write to ${folder}: ${reasonOf(cause)}`, cause);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function offline(id: string, folder: string, damaged: readonly string[] | undefined): Error {
  const why = damaged ? `${damaged.join(', ')} in ${folder} is damaged` : `it is not in ${folder}`;
  return hubFault('offline', `${id} cannot be fetched offline, and ${why}`);
}
