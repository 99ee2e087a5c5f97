import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { engineFindings } from './engine-findings.js';
import { type CommandResult, runCommand } from './run-command.js';
import { exitCodeOf, formatFindings } from './run-doctor.js';

const launcher = fileURLToPath(new URL('../bin/bipvl-engine.mjs', import.meta.url));

async function run(parameters: string[], variables: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const environment = { ...process.env, ...variables };
  const result = await runCommand(process.execPath, [launcher, ...parameters], { environment });
  if (result === null) throw new Error('node did not start');
  return result;
}

test('doctor is content with the real engine', async () => {
  const { status, stdout, stderr } = await run(['doctor']);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^ok {5}self-test .*within \d\.\de-\d of plain TypeScript/m);
  expect(status).toBe(0);
});

test('doctor speaks JSON', async () => {
  const diagnosis = JSON.parse((await run(['doctor', '--json'])).stdout);
  expect(diagnosis.healthy).toBe(true);
  expect(diagnosis.environment.tensorflow).toMatch(/^\d+\.\d+/);
  const names = diagnosis.findings.map(({ name }: { name: string }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['node', 'cpu', 'memory', 'disk', 'tensorflow', 'self-test', 'gpu']),
  );
});

test('doctor names the mend where there is no engine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bipvl-none-'));
  const findings = await engineFindings(folder);
  rmSync(folder, { recursive: true });
  expect(formatFindings(findings)).toMatch(
    /^fault {2}tensorflow .*\n +mend: run `npx bipvl-engine install`$/,
  );
  expect(exitCodeOf(findings)).toBe(5);
});

test('--version and --help load no engine', async () => {
  const trace = { NODE_DEBUG: 'module' };
  const { stdout, stderr } = await run(['--version'], trace);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
  expect(stderr).not.toContain('tfjs');
  expect((await run(['doctor', '--help'], trace)).stderr).not.toContain('tfjs');
  expect((await run(['doctor'], trace)).stderr).toContain('tfjs');
});

test.each([
  [['install', '--gpu', '--cpu'], /^error: --gpu and --cpu: expected one of them, got both\nmend: /],
  [['install', '--fast'], /unknown option '--fast'/],
  [['operate'], /unknown command 'operate'/],
])('a wrong command line exits 2: %j', async (parameters, message) => {
  const { status, stderr } = await run(parameters);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

test('an unbuilt checkout says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bipvl-unbuilt-'));
  mkdirSync(join(folder, 'bin'));
  copyFileSync(launcher, join(folder, 'bin/bipvl-engine.mjs'));
  const result = await runCommand(process.execPath, [join(folder, 'bin/bipvl-engine.mjs'), 'doctor']);
  rmSync(folder, { recursive: true });
  expect(result?.stderr).toBe(
    'error: @bipvl/engine is not built\nmend: run `npm run build` in the repository\n',
  );
  expect(result?.status).toBe(1);
});
