import { faultsOfTool } from './tool.mjs';

/** Formatting, import order and lint rules (biome.json); a warning counts. */
export function lint(root) {
  return faultsOfTool(root, '@biomejs/biome/bin/biome', [
    'ci',
    '.',
    '--error-on-warnings',
    '--colors=off',
    '--max-diagnostics=200',
  ]);
}
