import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '../recipe.js';
import { storedZip } from './stored-zip.js';

/** A place to try an install in: an npm package without addon, an empty cache, a wheel of a few bytes, and only our own programs on PATH. */
export interface Workbench {
  readonly root: string;
  readonly tfjs: string;
  readonly cache: string;
  readonly wheel: string;
  readonly recipe: Recipe;
  /** Puts a shell script of this name on PATH. */
  program(name: string, script: string): void;
  /** What is in the folder of engines. */
  engines(): string[];
}

/** Makes a workbench and points PATH and BIPVL_CACHE of this process at it. */
export function createWorkbench(): Workbench {
  const root = mkdtempSync(join(tmpdir(), 'bipvl engine '));
  const [bin, tfjs, cache] = ['bin', 'tfjs', 'cache'].map((name) => join(root, name)) as [string, string, string];
  for (const folder of [bin, tfjs, cache]) mkdirSync(folder);
  process.env['PATH'] = bin;
  process.env['BIPVL_CACHE'] = cache;
  delete process.env['CXX'];
  const { wheel, recipe } = createWheel(root);
  return {
    root,
    tfjs,
    cache,
    wheel,
    recipe,
    program: (name, script) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    },
    engines: () => readdirSync(join(cache, 'engine')),
  };
}

function createWheel(root: string): { wheel: string; recipe: Recipe } {
  const file = 'tensorflow_tiny-1.0-cp311-cp311-any.whl';
  const bytes = storedZip({
    'tensorflow/libtensorflow_cc.so.2': 'the library',
    'tensorflow/libtensorflow_framework.so.2': 'the framework',
    'tensorflow/include/tensorflow/c/c_api.h': '// header',
    'tensorflow/python/big.py': 'not needed',
  });
  writeFileSync(join(root, file), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const pin = { project: 'tensorflow-tiny', version: '1.0', file, sha256, tag: 'any' };
  return { wheel: join(root, file), recipe: { key: 'tiny', tensorflow: '1.0', device: 'cpu', wheels: [pin] } };
}

/** A pip that copies the wheel where it is told to, and notes each download. */
export function workingPip(bench: Workbench): string {
  return `case "$1" in --version) exit 0;; esac
while [ "$1" != --dest ]; do shift; done
echo download >> "${bench.root}/downloads"
/bin/cp "${bench.wheel}" "$2"`;
}

/** A compiler that writes a file where it is told to. */
export const workingCompiler = `case "$1" in --version) exit 0;; esac
while [ "$1" != -o ]; do shift; done
echo addon > "$2"`;
