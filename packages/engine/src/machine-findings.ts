import { mkdir } from 'node:fs/promises';
import { freemem } from 'node:os';
import { cacheFolder } from './cache-folder.js';
import { freeBytes } from './disk-space.js';
import { type EngineEnvironment, memoryBytes } from './environment.js';
import { type Finding, gigabytes } from './finding.js';

const oldestNode = 20;
// The demo's training peaks below 6 GiB; with less the first volume of a hospital scanner may not fit.
const comfortableMemory = 6e9;
const comfortableDisk = 5e9;

/** What the machine offers, whatever is installed on it. */
export async function machineFindings(facts: EngineEnvironment): Promise<readonly Finding[]> {
  return [nodeFinding(facts), cpuFinding(facts), memoryFinding(), await diskFinding()];
}

function nodeFinding(facts: EngineEnvironment): Finding {
  const detail = `${facts.node} on ${facts.system}`;
  if (Number.parseInt(facts.node, 10) >= oldestNode) return { name: 'node', verdict: 'ok', detail };
  return {
    name: 'node',
    verdict: 'fault',
    detail,
    kind: 'resource',
    mend: `install Node ${oldestNode} or later`,
  };
}

function cpuFinding(facts: EngineEnvironment): Finding {
  const features = facts.cpuFeatures === null ? 'features unknown here' : facts.cpuFeatures.join(' ');
  return {
    name: 'cpu',
    verdict: 'ok',
    detail: `${facts.cpu}, ${facts.cores} cores, ${facts.threads} threads; ${features}`,
  };
}

function memoryFinding(): Finding {
  const total = memoryBytes();
  const detail = `${gigabytes(total)} for this process, ${gigabytes(freemem())} free`;
  if (total >= comfortableMemory) return { name: 'memory', verdict: 'ok', detail };
  return { name: 'memory', verdict: 'note', detail, mend: 'training small volumes needs about 6 GB' };
}

async function diskFinding(): Promise<Finding> {
  const folder = cacheFolder();
  await mkdir(folder, { recursive: true });
  const free = await freeBytes(folder);
  const detail = `${gigabytes(free)} free at the cache, ${folder}`;
  if (free >= comfortableDisk) return { name: 'disk', verdict: 'ok', detail };
  return { name: 'disk', verdict: 'note', detail, mend: 'name a folder on a larger disk in BIPVL_CACHE' };
}
