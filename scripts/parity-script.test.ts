import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const scripts = fileURLToPath(new URL('.', import.meta.url));

interface Test {
  readonly name: string;
  readonly state: string;
  readonly errors: readonly string[];
}

/** What the script prints for these cases and tests, and whether it takes the run as failed. */
function report(cases: string[], tests: Test[], broken: object[] = []): { lines: string[]; failed: boolean } {
  const program = `
    import { judgeCases, printVerdicts } from ${JSON.stringify(new URL('parity/judge-cases.mjs', import.meta.url).href)};
    const [cases, tests, broken] = JSON.parse(process.argv[1]);
    process.exitCode = printVerdicts(judgeCases(cases, tests), broken) ? 1 : 0;`;
  const input = JSON.stringify([cases, tests, broken]);
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program, input], {
    encoding: 'utf8',
  });
  return { lines: stdout.trim().split('\n'), failed: status !== 0 };
}

function named(name: string, state = 'passed', errors: string[] = []): Test {
  return { name, state, errors };
}

test('a case passes with all its tests; a longer name is another case, which fails where no test claims it', () => {
  const tests = [named('UNet > networks/unet outputs'), named('UNet > networks/unet gradients')];
  const { lines, failed } = report(['networks/unet', 'networks/unet_residual'], tests);
  expect(lines).toEqual([
    'passed    networks/unet (2 tests)',
    'unclaimed networks/unet_residual',
    '',
    '0 skipped, 1 unclaimed',
    '1 passed, 1 failed',
  ]);
  expect(failed).toBe(true);
  expect(report(['networks/unet'], tests).failed).toBe(false);
});

test('one failed test fails its case and says why', () => {
  const tests = [named('losses/dice a'), named('losses/dice b', 'failed', ['off by 1'])];
  const { lines, failed } = report(['losses/dice'], tests);
  expect(lines.slice(0, 2)).toEqual([
    'failed    losses/dice (2 tests)',
    '            losses/dice b: off by 1',
  ]);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
  expect(failed).toBe(true);
});

test('a file that does not load, a test of no case and a run without any test are all told', () => {
  const broken = [{ file: 'packages/x/src/parity.test.ts', errors: ['no such module'] }];
  const { lines, failed } = report([], [named('something else'), named('skipped one', 'skipped')], broken);
  expect(lines).toContain('passed    something else');
  expect(lines).toContain('failed    packages/x/src/parity.test.ts: no such module');
  expect(lines.slice(-2)).toEqual(['1 skipped, 0 unclaimed', '1 passed, 1 failed']);
  expect(failed).toBe(true);
  expect(report(['losses/dice'], []).failed).toBe(true);
});

test('absent fixtures are skipped unless someone asked for them', () => {
  const root = mkdtempSync(join(tmpdir(), 'bipvl-parity-'));
  try {
    mkdirSync(join(root, 'a', 'b'), { recursive: true });
    const program = `
      import { fixtureCases, fixturesFolder } from ${JSON.stringify(new URL('parity/fixtures.mjs', import.meta.url).href)};
      const { folder, named } = fixturesFolder(process.argv[1]);
      console.log(folder === undefined, named, folder ? fixtureCases(folder) : []);`;
    const run = (fixtures: string): string =>
      spawnSync(process.execPath, ['--input-type=module', '-e', program, join(root, 'a', 'b')], {
        encoding: 'utf8',
        env: { ...process.env, BIPVL_FIXTURES: fixtures, NO_COLOR: '1' },
      }).stdout.trim();
    expect(run('')).toBe('true undefined []');
    expect(run(join(root, 'none'))).toContain(`true ${join(root, 'none')}`);
    mkdirSync(join(root, 'a', 'shared', 'fixtures', 'losses'), { recursive: true });
    writeFileSync(join(root, 'a', 'shared', 'fixtures', 'losses', 'dice.json'), '{}');
    expect(run('')).toContain("[ 'losses/dice' ]");
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('a folder that was asked for and is not there is an error with its mend', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(scripts, 'parity.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, BIPVL_FIXTURES: '/no/such/folder' },
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: BIPVL_FIXTURES names \/no\/such\/folder.*\nmend: /);
});
