#!/usr/bin/env node
// Makes a fresh clone ready for work. Plain Node, because it runs before anything is installed.
// Every step looks first whether its work is done, so that a second run takes a moment.

import { fileURLToPath } from 'node:url';
import { build } from './setup/build.mjs';
import { dependencies } from './setup/dependencies.mjs';
import { nativeEngine } from './setup/native-engine.mjs';
import { nodeVersion } from './setup/node-version.mjs';
import { runSteps } from './setup/run-steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

process.exitCode = await runSteps(root, [
  { name: 'node', run: nodeVersion },
  { name: 'dependencies', run: dependencies },
  { name: 'build', run: build },
  { name: 'native engine', run: nativeEngine },
]);
