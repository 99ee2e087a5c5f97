import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const entry = new URL('../dist/index.js', import.meta.url).href;

it('the main entry loads no client, no prompts and nothing of Node, so that a browser can run it', () => {
  const hooks = `export async function resolve(specifier, context, next) {
    if (/^(node:|openai|commander|@inquirer)/.test(specifier)) throw new Error('loaded ' + specifier);
    return next(specifier, context);
  }`;
  const script = `
    import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));
    const { shippedConceptSets } = await import(${JSON.stringify(entry)});
    await import('openai').then(() => console.log('not watched'), ({ message }) => console.log(message, shippedConceptSets.length));
  `;
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const parameters = ['--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, parameters, { cwd, encoding: 'utf8' });
  expect(stdout + stderr).toBe('loaded openai 6\n');
});
