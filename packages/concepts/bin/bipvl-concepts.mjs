#!/usr/bin/env node
import { existsSync } from 'node:fs';

const cli = new URL('../dist/node/cli/main.js', import.meta.url);

if (existsSync(cli)) {
  const { main } = await import(cli.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('error: @bipvl/concepts is not built\nmend: run `npm run build` in the repository\n');
  process.exitCode = 1;
}
