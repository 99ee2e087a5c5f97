import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoResults } from './results.js';

// The real command on the phantom, a few steps long: what counts here is the way through, not the scores.

const binary = fileURLToPath(new URL('../bin/demo.mjs', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bipvl demo '));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function start(...parameters: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const environment = { ...process.env, BIPVL_CACHE: join(folder, 'cache'), CI: 'true' };
  const child = spawn(process.execPath, [binary, ...parameters], { env: environment, cwd: folder });
  let output = '';
  const ended = new Promise<Ended>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece) => {
        output += String(piece);
        child.emit('said', output);
      });
    }
    child.once('close', (code) => resolve({ code, output }));
  });
  return { child, ended };
}

const run = (...parameters: string[]): Promise<Ended> => start(...parameters).ended;
const results = (out: string): DemoResults => JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));

describe('the demonstration on the phantom', () => {
  test('trains, evaluates and reports; interrupted and started again it gives the same numbers', async () => {
    const straight = join(folder, 'straight');
    const { code, output } = await run('--phantom', '--steps', '4', '--out', straight);
    expect(output).toContain('synthetic images');
    expect(output).toMatch(/what the text does/);
    expect(code, output).toBe(0);
    for (const file of [
      'report.html',
      'results.json',
      'bundle/segmenter.json',
      'log.jsonl',
      'no-text/bundle/segmenter.json',
    ]) {
      expect(existsSync(join(straight, file)), file).toBe(true);
    }
    expect(results(straight)).toMatchObject({ data: 'phantom', steps: 4, held_out_cases: 6 });
    expect(readFileSync(join(straight, 'report.html'), 'utf8')).toContain('Synthetic images');

    const broken = join(folder, 'broken');
    const { child, ended } = start('--phantom', '--steps', '4', '--out', broken);
    child.on('said', (said: string) => {
      if (/step 1\/4/.test(said)) child.kill('SIGINT');
    });
    const stopped = await ended;
    expect(stopped.code, stopped.output).toBe(130);
    expect(existsSync(join(broken, 'report.html'))).toBe(false);
    const resumed = await run('--phantom', '--steps', '4', '--out', broken);
    expect(resumed.output).toContain('going on');
    expect(resumed.code, resumed.output).toBe(0);
    for (const key of ['dsc', 'hd95_mm', 'nsd_1mm', 'comparisons'] as const) {
      expect(withoutTimes(results(broken)[key])).toEqual(withoutTimes(results(straight)[key]));
    }

    const again = await run('--phantom', '--steps', '4', '--out', straight);
    expect(again.code).toBe(0);
    expect(again.output).toContain('finished already');
    const other = await run('--phantom', '--steps', '5', '--out', straight);
    expect(other.output).toMatch(/error: .*holds a finished run with steps 4, asked for 5/);
    expect(other.code).toBe(2);
  }, 600_000);
});

describe('bad input', () => {
  test.each([
    [['--data', '/nowhere'], 4, /error: --data .*nowhere.* is not the hippocampus set/],
    [['--phantom', '--out', '/proc/nothing'], 5, /error: .*\/proc/],
    [['--stepz', '4'], 2, /unknown option '--stepz'.*--steps/s],
    [['--steps', 'many'], 2, /whole number/],
    [['--phantom', '--data', '/nowhere'], 2, /cannot be used with/],
  ])('%j ends with %i and one line that says why', async (parameters, expected, message) => {
    const { code, output } = await run(...parameters);
    expect(output).toMatch(message);
    expect(code, output).toBe(expected);
  });
});

function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, each) => (key === 'training_seconds' ? undefined : each)));
}
