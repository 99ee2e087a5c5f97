#!/usr/bin/env node
// `npm run soak`: seeded, structure-aware fuzzing of every parser of untrusted files, for hours (`--hours N`, default 4) or
// for a number of inputs for each parser (`--inputs N`). It stops at the first error that is not typed, at a hang, and at
// what was accepted but does not survive writing and reading; the input is saved and the exit code is 1.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TARGETS } from './fuzz/targets.mjs';
import { watchedWorker } from './fuzz/watched-worker.mjs';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '4' },
    inputs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'runs/soak' },
  },
});

const BATCH = 1000;
const MINUTE = 60_000;

const seed = Number(values.seed);
const inputs = Number(values.inputs ?? Number.POSITIVE_INFINITY);
const milliseconds =
  values.inputs === undefined ? Number(values.hours) * 60 * MINUTE : Number.POSITIVE_INFINITY;
if (!Number.isInteger(seed) || !(inputs > 0) || !(milliseconds > 0)) {
  process.stderr.write('error: --seed takes a whole number, --hours and --inputs a number above 0\n');
  process.exit(2);
}

const start = performance.now();
const tallies = new Map(TARGETS.map(({ name }) => [name, { inputs: 0, refused: 0, milliseconds: 0 }]));
const worker = watchedWorker();
process.exitCode = (await soak()) ? 0 : 1;
await worker.stop();

/** Goes round the targets in batches until inputs or time are used up; false at the first failure. */
async function soak() {
  let reported = start;
  for (let from = 0; from < inputs && performance.now() - start < milliseconds; from += BATCH) {
    for (const { name, share = 1 } of TARGETS) {
      const failure = await runBatch(name, from * share, Math.min(inputs, from + BATCH) * share);
      if (failure !== undefined) return report(name, failure);
    }
    if (performance.now() - reported < MINUTE) continue;
    reported = performance.now();
    printProgress();
  }
  for (const [name, tally] of tallies) printTally(name, tally);
  printProgress();
  return true;
}

async function runBatch(name, from, to) {
  const began = performance.now();
  const { refused, failure } = await worker.run({ name, seed, from, to });
  const tally = tallies.get(name);
  tally.inputs += to - from;
  tally.refused += refused;
  tally.milliseconds += performance.now() - began;
  return failure;
}

function printTally(name, { inputs: count, refused, milliseconds: spent }) {
  const accepted = `${refused} refused, ${count - refused} accepted`;
  process.stdout.write(`${name.padEnd(12)} ${count} inputs in ${(spent / 1000).toFixed(1)} s: ${accepted}\n`);
}

function printProgress() {
  const count = [...tallies.values()].reduce((sum, tally) => sum + tally.inputs, 0);
  const seconds = (performance.now() - start) / 1000;
  const megabytes = (process.memoryUsage.rss() / 2 ** 20).toFixed(0);
  process.stdout.write(
    `${seconds.toFixed(0)} s: ${count} inputs, ${Math.round(count / seconds)} a second, ${megabytes} MB, seed ${seed}\n`,
  );
}

function report(name, { index, input, reason }) {
  const file = join(values.out, `${name}-${seed}-${index}`);
  mkdirSync(values.out, { recursive: true });
  writeFileSync(file, input);
  process.stdout.write(`failed: ${name}, seed ${seed}, input ${index}, saved as ${file}\n${reason}\n`);
  return false;
}
