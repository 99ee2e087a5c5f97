import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const entry = new URL('../../dist/command-line/index.js', import.meta.url).href;

test('the entry loads nothing but its own files and Node', async () => {
  const hooks = `export async function resolve(specifier, context, next) {
    if (!/^(node:|file:|[.])/.test(specifier)) throw new Error('loaded ' + specifier);
    return next(specifier, context);
  }`;
  const script = `
    import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));
    await import(${JSON.stringify(entry)});
    await import('commander').then(() => console.log('not watched'), ({ message }) => console.log(message));
  `;
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece) => {
      said += String(piece);
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(said).toBe('loaded commander\n');
  expect(code).toBe(0);
});
