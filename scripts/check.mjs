#!/usr/bin/env node
// `npm run check`: every gate of the repository, one line each; `npm run check -- lint types` runs only those named.

import { fileURLToPath } from 'node:url';
import { arrows } from './check/arrows.mjs';
import { conventions } from './check/conventions.mjs';
import { documentation } from './check/documentation.mjs';
import { files } from './check/files.mjs';
import { lint } from './check/lint.mjs';
import { manifests } from './check/manifests.mjs';
import { runGates } from './check/run-gates.mjs';
import { supplyChain } from './check/supply-chain.mjs';
import { tarballs } from './check/tarballs.mjs';
import { testTypes, types } from './check/types.mjs';
import { workflows } from './check/workflows.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

// `types` comes first of those that read dist/: it builds.
const gates = {
  lint,
  types,
  'test types': testTypes,
  arrows,
  conventions,
  documentation,
  manifests,
  files,
  'supply chain': supplyChain,
  workflows,
  tarballs,
};

process.exitCode = await runGates(root, gates, process.argv.slice(2));
