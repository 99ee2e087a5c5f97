import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorkbench, type Workbench, workingCompiler, workingPip } from './__fixtures__/workbench.js';
import { requireSpace } from './disk-space.js';
import { installFrom } from './install.js';
import type { InstallOptions, InstallReport } from './install-options.js';

let bench: Workbench;
const environment = { ...process.env };
const probe = async (addon: string) => readFileSync(addon, 'utf8').trim();

beforeEach(() => {
  bench = createWorkbench();
});

afterEach(() => {
  rmSync(bench.root, { recursive: true, force: true });
  Object.assign(process.env, environment);
  delete process.env['BIPVL_CACHE'];
});

function run(options: InstallOptions = {}): Promise<InstallReport> {
  return installFrom(bench.tfjs, [bench.recipe], options, probe);
}

function withWorkingTools(): void {
  bench.program('pip3', workingPip(bench));
  bench.program('g++', workingCompiler);
}

function downloads(): number {
  const log = join(bench.root, 'downloads');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
}

describe('an install with all tools there', () => {
  beforeEach(withWorkingTools);

  test('makes a complete engine, links it, and leaves nothing else', async () => {
    const report = await run();
    expect(report).toMatchObject({ status: 'installed', tensorflow: '1.0', device: 'cpu' });
    expect(bench.engines()).toEqual(['tiny']);
    expect(readdirSync(report.folder).sort()).toEqual(['deps', 'engine.json', 'lib']);
    expect(readdirSync(join(report.folder, 'deps'))).toEqual(['lib']);
    expect(readFileSync(join(bench.tfjs, 'deps/lib/libtensorflow_cc.so.2'), 'utf8')).toBe('the library');
    expect(existsSync(join(bench.tfjs, 'lib/napi-v8/tfjs_binding.node'))).toBe(true);
  });

  test('does nothing the second time', async () => {
    await run();
    expect((await run()).status).toBe('ready');
    expect(downloads()).toBe(1);
  });

  test('restores lost links from the cache, without any tool', async () => {
    const { folder } = await run();
    rmSync(join(bench.tfjs, 'deps'));
    rmSync(join(bench.tfjs, 'lib'), { recursive: true });
    process.env['PATH'] = bench.root;
    expect((await run()).status).toBe('linked');
    expect(readlinkSync(join(bench.tfjs, 'deps'))).toBe(join(folder, 'deps'));
  });

  test('makes the engine again when forced', async () => {
    const { folder } = await run();
    writeFileSync(join(folder, 'deps/lib/libtensorflow_cc.so.2'), 'damaged');
    expect((await run({ force: true })).status).toBe('installed');
    expect(readFileSync(join(folder, 'deps/lib/libtensorflow_cc.so.2'), 'utf8')).toBe('the library');
    expect(bench.engines()).toEqual(['tiny']);
  });

  test('takes the place of an engine that does not load', async () => {
    for (const folder of ['deps/lib', 'lib/napi-v8'])
      mkdirSync(join(bench.tfjs, folder), { recursive: true });
    writeFileSync(join(bench.tfjs, 'lib/napi-v8/tfjs_binding.node'), 'not a library');
    const { status, folder } = await run();
    expect(status).toBe('installed');
    expect(readlinkSync(join(bench.tfjs, 'lib/napi-v8'))).toBe(join(folder, 'lib/napi-v8'));
  });

  test('two at once download once, and both end with the engine', async () => {
    const steps: string[] = [];
    const reports = await Promise.all([run(), run({ onStep: (step) => steps.push(step) })]);
    expect(reports.map(({ status }) => status).sort()).toEqual(['installed', 'ready']);
    expect(downloads()).toBe(1);
  });
});

describe('an install that lacks something', () => {
  async function expectFailure(code: string, hint: RegExp, options: InstallOptions = {}): Promise<void> {
    await expect(run(options)).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) });
    expect(bench.engines()).toEqual([]);
    expect(existsSync(join(bench.tfjs, 'deps'))).toBe(false);
  }

  test('names the compiler', async () => {
    bench.program('pip3', workingPip(bench));
    await expectFailure('compiler-missing', /apt-get install g\+\+|xcode-select/);
    expect(downloads()).toBe(0);
  });

  test('names pip', async () => {
    bench.program('g++', workingCompiler);
    await expectFailure('pip-missing', /python3-pip|brew install python/);
  });

  test('names the network', async () => {
    withWorkingTools();
    bench.program(
      'pip3',
      '[ "$1" = --version ] && exit 0\necho "NewConnectionError: Failed to establish" >&2\nexit 1',
    );
    await expectFailure('network-unreachable', /connection.*--wheel/);
  });

  test('repeats what pip said otherwise', async () => {
    withWorkingTools();
    bench.program(
      'pip3',
      '[ "$1" = --version ] && exit 0\necho "ERROR: No matching distribution found" >&2\nexit 1',
    );
    await expect(run()).rejects.toThrow(/No matching distribution found/);
    await expectFailure('wheel-not-found', /pip download/);
  });

  test('refuses a wheel with another hash', async () => {
    withWorkingTools();
    writeFileSync(bench.wheel, 'something else');
    await expectFailure('wheel-hash-mismatch', /pip cache purge/);
  });

  test('repeats the first error of the compiler', async () => {
    withWorkingTools();
    bench.program('g++', '[ "$1" = --version ] && exit 0\necho "x.cc:1: error: no such thing" >&2\nexit 1');
    await expect(run()).rejects.toThrow(/x\.cc:1: error: no such thing/);
    await expectFailure('compile-failed', /C\+\+17/);
  });

  test('refuses a wheel it has no use for', async () => {
    withWorkingTools();
    await expectFailure('wheel-unknown', /name/, { wheels: ['/somewhere/else.whl'] });
  });

  test('counts the bytes before it starts', async () => {
    await expect(requireSpace(bench.cache, 1e18)).rejects.toMatchObject({
      code: 'disk-full',
      hint: expect.stringMatching(/BIPVL_CACHE/),
    });
  });
});

test('a wheel fetched elsewhere needs no pip', async () => {
  bench.program('g++', workingCompiler);
  expect((await run({ wheels: [bench.wheel] })).status).toBe('installed');
});

test('after a kill in the middle the next install starts clean', async () => {
  withWorkingTools();
  bench.program('pip3', '[ "$1" = --version ] && exit 0\nexec /bin/sleep 60');
  const built = fileURLToPath(new URL('../dist/install.js', import.meta.url));
  const script = `const { installFrom } = await import(${JSON.stringify(built)});
    await installFrom(${JSON.stringify(bench.tfjs)}, [${JSON.stringify(bench.recipe)}], {}, async () => '1.0');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    detached: true,
    stdio: 'inherit',
  });
  const engines = join(bench.cache, 'engine');
  while (!existsSync(engines) || !bench.engines().some((name) => name.startsWith('.draft-'))) await sleep(20);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await once(child, 'close');
  expect(bench.engines()).toContain('.lock');

  withWorkingTools();
  expect((await run()).status).toBe('installed');
  expect(bench.engines()).toEqual(['tiny']);
});
