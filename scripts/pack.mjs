#!/usr/bin/env node
// `npm run pack -- FOLDER`: what a release publishes, with SHA256SUMS, and ORDER: `file name@version`, lowest package first.

import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowedImports } from './check/architecture.mjs';
import { pack, writeChecksums } from './check/pack.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const destination = resolve(process.argv[2] ?? 'tarballs');

const rank = ({ workspace }) => Object.keys(allowedImports).indexOf(workspace.folder);
const tarballs = (await pack(root, destination)).sort((a, b) => rank(a) - rank(b));
const order = tarballs.map(
  ({ path, workspace: { name, manifest } }) => `${basename(path)} ${name}@${manifest.version}\n`,
);

writeChecksums(tarballs, destination);
writeFileSync(join(destination, 'ORDER'), order.join(''));
console.log(`packed ${tarballs.length} packages into ${destination}`);
