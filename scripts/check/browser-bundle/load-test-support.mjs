import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

/** Imports one of the tests' helpers, a TypeScript file that imports nothing of ours. */
export async function loadTestSupport(root, folder, path) {
  const source = readFileSync(join(root, 'packages/preprocess/src', path), 'utf8');
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(source, { compilerOptions: options });
  const script = join(folder, `${basename(path, '.ts')}.mjs`);
  writeFileSync(script, outputText);
  return import(pathToFileURL(script).href);
}
