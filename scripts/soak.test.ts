import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('soak.mjs', import.meta.url));
const modules = (name: string): string => JSON.stringify(new URL(`fuzz/${name}.mjs`, import.meta.url).href);

test('50,000 inputs for each parser give volumes, values or typed errors', () => {
  const parameters = [program, '--inputs', '50000', '--seed', '4'];
  const { status, stdout } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  console.log(stdout.trim());
  expect(stdout).not.toContain('failed');
  expect(status).toBe(0);
}, 180_000);

test('an untyped error is caught with its input, which the seed gives again', () => {
  const script = `
    import { runInputs } from ${modules('run-inputs')};
    const target = { input: (random) => String(random.below(1000)), run: (text) => { if (text > '990') throw new TypeError(text); } };
    const range = { seed: 1, from: 0, to: 10000 };
    const first = await runInputs(target, range, () => undefined);
    const again = await runInputs(target, { ...range, from: first.failure.index }, () => undefined);
    console.log(JSON.stringify([first.failure.input > '990', again.failure.input === first.failure.input, first.failure.reason]));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual([true, true, expect.stringContaining('TypeError')]);
});

test('a seed gives the same inputs again, another seed gives others', () => {
  const script = `
    import { randomOf } from ${modules('random')};
    import { mutateNifti } from ${modules('mutate-nifti')};
    const hash = (seed) => Array.from({ length: 50 }, (_, i) => mutateNifti(randomOf(seed, i)).toString('hex')).join();
    console.log(hash(3) === hash(3), hash(3) === hash(4));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('true false');
});

test('a seed that is no number is a mistake of the user', () => {
  expect(spawnSync(process.execPath, [program, '--seed', 'x']).status).toBe(2);
});
