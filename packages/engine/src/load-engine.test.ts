import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEngine } from './open-engine.js';
import { type CommandResult, runCommand } from './run-command.js';

const built = new URL('../dist/index.js', import.meta.url).href;

/** Runs a module in a fresh process: an engine loads once per process, with settings that stay. */
async function runFresh(body: string, variables: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const script = `import { loadEngine, loadedEngine, environment } from ${JSON.stringify(built)};\n${body}`;
  const { TF_CPP_MIN_LOG_LEVEL: _, ...environment } = process.env;
  const result = await runCommand(process.execPath, ['--input-type=module', '-e', script], {
    environment: { ...environment, ...variables },
  });
  if (result === null) throw new Error('node did not start');
  return result;
}

const sum =
  'const tf = await loadEngine(); console.log(tf.getBackend(), tf.ones([2, 3]).sum().dataSync()[0]);';

describe('a fresh process', () => {
  test('computes natively and says nothing', async () => {
    expect(await runFresh(sum)).toEqual({ status: 0, stdout: 'tensorflow 6\n', stderr: '' });
  });

  test("shows TensorFlow's words to those who ask for them", async () => {
    const { stderr } = await runFresh(sum, { TF_CPP_MIN_LOG_LEVEL: '0' });
    expect(stderr).toContain('oneDNN');
  });

  test('is as quiet in a worker thread', async () => {
    const worker = `import { Worker } from 'node:worker_threads';
      new Worker('import(${JSON.stringify(built).replaceAll('"', '\\"')}).then(async ({ loadEngine }) => { const tf = await loadEngine();' +
        'console.log(tf.getBackend(), tf.ones([2, 3]).sum().dataSync()[0]); })', { eval: true });`;
    expect(await runFresh(worker)).toEqual({ status: 0, stdout: 'tensorflow 6\n', stderr: '' });
  });

  test('gives the core that other packages import', async () => {
    const body =
      "import * as core from '@tensorflow/tfjs-core'; const tf = await loadEngine(); console.log(tf.Tensor === core.Tensor, core.getBackend());";
    expect((await runFresh(body)).stdout).toBe('true tensorflow\n');
  });

  test('knows what it loaded', async () => {
    const body =
      'await loadEngine({ threads: 1 }); const facts = await environment(); console.log(JSON.stringify([loadedEngine(), facts]));';
    const [engine, facts] = JSON.parse((await runFresh(body)).stdout);
    expect(engine).toMatchObject({ threads: 1 });
    expect(facts).toMatchObject({ threads: 1, usesGpu: engine.usesGpu, tensorflow: engine.tensorflow });
    expect(engine.tensorflow).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('gives the same bits with the same threads, and keeps the first count', async () => {
    const body = `const tf = await loadEngine({ threads: 2 });
      const x = tf.randomNormal([1, 16, 16, 16, 8], 0, 1, 'float32', 1);
      const f = tf.randomNormal([3, 3, 3, 8, 8], 0, 1, 'float32', 2);
      const [dx, df] = tf.grads((x, f) => tf.conv3d(x, f, 1, 'same').square().mean())([x, f]);
      console.log(Buffer.concat([dx, df].map((t) => Buffer.from(t.dataSync().buffer))).toString('base64'));
      await loadEngine({ threads: 1 }).catch((error) => console.log(error.code));`;
    const [first, second] = [await runFresh(body), await runFresh(body)];
    expect(first.stdout.length).toBeGreaterThan(100_000);
    expect(first.stdout).toContain('threads-fixed');
    expect(second.stdout).toBe(first.stdout);
  });

  test('refuses to do without a GPU where one is required', async () => {
    const body = `await loadEngine({ requireGpu: true }).then(
      () => console.log(loadedEngine().usesGpu), (error) => console.log(error.code, error.kind));`;
    const { stdout } = await runFresh(body, { CUDA_VISIBLE_DEVICES: '-1' });
    expect(stdout).toBe('gpu-missing resource\n');
  });
});

describe('an engine that is not there', () => {
  let tfjs: string;

  beforeEach(() => {
    tfjs = mkdtempSync(join(tmpdir(), 'bipvl-tfjs-'));
  });

  afterEach(() => rmSync(tfjs, { recursive: true }));

  test('is a typed error that names the install', () => {
    expect(() => openEngine(tfjs, undefined)).toThrow(
      expect.objectContaining({
        code: 'engine-not-installed',
        hint: expect.stringContaining('npx bipvl-engine install'),
      }),
    );
  });

  test('so is one that does not load', () => {
    mkdirSync(join(tfjs, 'lib/napi-v8'), { recursive: true });
    writeFileSync(join(tfjs, 'lib/napi-v8/tfjs_binding.node'), 'no library');
    expect(() => openEngine(tfjs, undefined)).toThrow(expect.objectContaining({ code: 'addon-broken' }));
  });
});
