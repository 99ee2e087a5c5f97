import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layout, libraryNames } from './engine-layout.js';
import { EngineError } from './errors.js';
import { napiVersion } from './recipe.js';
import { runCommand } from './run-command.js';

const require = createRequire(import.meta.url);
const openerSource = fileURLToPath(new URL('../native/open_library.cc', import.meta.url));

/**
 * Compiles, into the engine at `folder`, the addon of the npm package at `tfjs` against that engine's libraries, and the small addon
 * of our own that opens them quietly. Throws `compile-failed`.
 */
export async function compileAddons(compiler: string, tfjs: string, folder: string): Promise<void> {
  await mkdir(join(folder, layout.addonFolder), { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(tfjs, 'binding', file));
  const headers = ['-I', join(folder, layout.headers)];
  await compile(compiler, [...headers, ...sources, ...libraries(folder), '-o', join(folder, layout.addon)]);
  await compile(compiler, [openerSource, '-o', join(folder, layout.opener)]);
}

async function compile(compiler: string, specific: readonly string[]): Promise<void> {
  const nodeHeaders = join(dirname(require.resolve('node-api-headers')), 'include');
  const common = ['-std=c++17', '-O2', '-fPIC', '-w', `-DNAPI_VERSION=${napiVersion}`, '-I', nodeHeaders];
  const kind = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const result = await runCommand(compiler, [...common, ...kind, ...specific]);
  if (result?.status === 0) return;
  const reason = result?.stderr.split('\n').find((line) => /error|cannot find|undefined/i.test(line)) ?? '';
  throw new EngineError(
    'compile-failed',
    `${compiler} could not compile the TensorFlow.js addon: ${reason.trim()}`,
    {
      kind: 'resource',
      hint: 'a compiler with C++17 is needed (g++ 9, clang 10, or later): install a newer one or name it in CXX',
    },
  );
}

function libraries(folder: string): string[] {
  const { main, framework } = libraryNames(process.platform);
  const origin = process.platform === 'darwin' ? '@loader_path' : '$ORIGIN';
  const files = [main, framework].map((name) => join(folder, layout.libraries, name));
  return [...files, `-Wl,-rpath,${origin}/../../deps/lib`];
}
