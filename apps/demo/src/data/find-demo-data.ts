import { access, constants, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheFolder } from '@bipvl/engine';
import { DemoError } from '../errors.js';
import type { DemoData, FindOptions } from './demo-data.js';
import { type Archive, hippocampusArchive, hippocampusFolderName } from './hippocampus-archive.js';
import { installHippocampus } from './install-hippocampus.js';
import { expectation, judgeHippocampus } from './judge-hippocampus.js';
import { phantomFolder } from './phantom-folder.js';
import { ignoredProxy } from './proxy.js';
import { systemCode } from './system-error.js';

/** A fifth of them are held out. */
const phantomCases = 30;

/**
 * Finds the scans for the demo: the hippocampus set in `--data`, in `BIPVL_DATA`, in `../shared/data` beside
 * the repository, in the user's cache, or from the Decathlon's public mirror; where that fails, or where it
 * is asked for, the embedded phantom, with the reason.
 * @throws DemoError `wrong-data-folder` for a `--data` or `BIPVL_DATA` that is not the set,
 * `cache-unwritable`; PreprocessError when the phantom cannot be written; the abort reason of `signal`
 */
export async function findDemoData(
  options: FindOptions,
  archive: Archive = hippocampusArchive,
): Promise<DemoData> {
  const { environment, signal } = options;
  if (options.phantom) return choosePhantom(options);
  const named =
    (await required(options.data, '--data', 'option')) ??
    (await required(environment['BIPVL_DATA'] || undefined, 'BIPVL_DATA', 'variable'));
  if (named !== undefined) return named;
  const cache = cacheFolder(environment);
  const there =
    (await lookIn(join(options.repositoryRoot, '..', 'shared', 'data'), 'shared', options)) ??
    (await lookIn(join(cache, 'data'), 'cache', options));
  if (there !== undefined) return there;
  signal?.throwIfAborted();
  await openCache(cache);
  return fetchOrPhantom(cache, options, archive);
}

/** The phantom because a person asked for it. */
async function choosePhantom({ environment, seed }: FindOptions): Promise<DemoData> {
  const cache = cacheFolder(environment);
  await openCache(cache);
  return {
    kind: 'phantom',
    folder: await writtenPhantom(cache, seed),
    found: 'phantom',
    note: 'The phantom was asked for.',
  };
}

function writtenPhantom(cache: string, seed: number): Promise<string> {
  return phantomFolder(join(cache, 'phantom'), { seed, cases: phantomCases });
}

/** A place that the user has named: it is the set, or the demo stops. */
async function required(
  given: string | undefined,
  name: string,
  found: 'option' | 'variable',
): Promise<DemoData | undefined> {
  if (given === undefined) return undefined;
  const judged = await judgeHippocampus(resolve(given));
  if (judged.verdict === 'found') return { kind: 'hippocampus', folder: judged.folder, found };
  throw new DemoError(
    'wrong-data-folder',
    `${name} ${judged.folder} is not the hippocampus set: ${judged.fault}; ${expectation}`,
    { kind: 'data', hint: `correct ${name}, or leave it out to have the set looked for and fetched` },
  );
}

/** A place that the user has not named: what is wrong there is said, and the search goes on. */
async function lookIn(
  folder: string,
  found: 'shared' | 'cache',
  { onNote }: FindOptions,
): Promise<DemoData | undefined> {
  const judged = await judgeHippocampus(folder);
  if (judged.verdict === 'found') return { kind: 'hippocampus', folder: judged.folder, found };
  if (judged.verdict === 'unfit') onNote(`passed over ${judged.folder}: ${judged.fault}`);
  return undefined;
}

async function openCache(cache: string): Promise<void> {
  try {
    for (const folder of [join(cache, 'data'), join(cache, 'phantom')]) {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
    }
  } catch (cause) {
    const code = systemCode(cause);
    if (code === undefined) throw cause;
    throw new DemoError('cache-unwritable', `${cache}: the cache folder cannot be written (${code})`, {
      kind: 'resource',
      hint: 'name a folder that can be written in BIPVL_CACHE, or the scans themselves with --data',
      cause,
    });
  }
}

async function fetchOrPhantom(cache: string, options: FindOptions, archive: Archive): Promise<DemoData> {
  const { environment, onNote, signal } = options;
  if (isOffline(environment)) return phantom(cache, options, 'BIPVL_OFFLINE is set, so no mirror was asked');
  const url = options.mirror ?? archive.url;
  onNote(`fetching the hippocampus set of the Medical Segmentation Decathlon (28 MB) from ${url}`);
  try {
    const folder = await installHippocampus({ ...archive, url }, join(cache, 'data'), signal);
    return { kind: 'hippocampus', folder, found: 'download' };
  } catch (error) {
    signal?.throwIfAborted();
    return phantom(cache, options, `${reasonOf(error)}${ignoredProxy(environment)}`);
  }
}

async function phantom(cache: string, { onNote, seed }: FindOptions, note: string): Promise<DemoData> {
  onNote(`the hippocampus set could not be fetched: ${note}`);
  onNote('the demo runs on the embedded phantom instead: synthetic CT, no patient');
  onNote(
    `for real scans put ${hippocampusFolderName} into ${join(cache, 'data')}, or name its folder with --data`,
  );
  return { kind: 'phantom', folder: await writtenPhantom(cache, seed), found: 'phantom', note };
}

function isOffline(environment: NodeJS.ProcessEnv): boolean {
  return !['', '0', undefined].includes(environment['BIPVL_OFFLINE']);
}

/** Faults of the network, the mirror, the archive and the disk; any other error is one of this program. */
function reasonOf(error: unknown): string {
  if (DemoError.isInstance(error)) return error.message;
  const code = systemCode(error);
  if (code !== undefined) return `the cache folder refused (${code})`;
  throw error;
}
