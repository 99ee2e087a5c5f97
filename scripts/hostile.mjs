#!/usr/bin/env node
// `npm run hostile`: makes a corpus of hostile files, reads each, and fails where one is not refused by a typed error in
// time and memory. With --keep FOLDER the corpus is written there and stays.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeCorpus } from './hostile/corpus.mjs';
import { judge } from './hostile/judge.mjs';

const { keep } = parseArgs({ options: { keep: { type: 'string' } } }).values;

if (keep !== undefined && existsSync(keep)) {
  process.stderr.write(`error: ${keep} is there already\nmend: name a folder that does not exist yet\n`);
  process.exit(2);
}

const folder = keep === undefined ? mkdtempSync(join(tmpdir(), 'bipvl-hostile-')) : resolve(keep);
try {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'corpus.json'), JSON.stringify(makeCorpus(folder)));
  process.exitCode = judge(measure()) ? 0 : 1;
} finally {
  if (keep === undefined) rmSync(folder, { recursive: true });
}

function measure() {
  const program = fileURLToPath(new URL('hostile/measure.mjs', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', program, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  return status === 0 ? JSON.parse(stdout) : [];
}
