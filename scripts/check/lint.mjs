import { relative } from 'node:path';
import { faultsOfTool } from './tool.mjs';

const linter = '@biomejs/biome/bin/biome';
const parameters = ['ci', '.', '--error-on-warnings', '--reporter=github', '--max-diagnostics=none'];
const annotation = /^::(?:error|warning) title=(.*?),file=(.*?),line=(\d+),.*?::(.*)$/gm;

/** Formatting, import order and lint rules (biome.json), one line a fault; `npm run lint` shows the code as well. A warning counts. */
export async function lint(root) {
  const output = (await faultsOfTool(root, linter, parameters)).join('\n');
  const faults = [...output.matchAll(annotation)].map(
    ([, rule, file, line, message]) => `${relative(root, file)}:${line}: ${rule}: ${message}`,
  );
  return faults.length > 0 || output === '' ? faults : [output];
}
