import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadEngine } from '@bipvl/engine';
import { readDataset } from '@bipvl/preprocess/node';
import { readBundle } from '@bipvl/segmenter/node';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StepEvent, TrainEvent } from './loop/train-event.js';
import { resume } from './resume.js';
import { decodeCheckpoint } from './run-folder/checkpoint-file.js';
import { readLog } from './run-folder/run-log.js';
import { runPaths } from './run-folder/run-paths.js';
import { temporaryFolder, tinyConfig, tinyPhantom } from './tiny-run.test-support.js';
import { type TrainOptions, train } from './train.js';
import type { TrainResult } from './train-result.js';

let folder: string;
let data: string;
let straight: TrainResult;

beforeAll(async () => {
  await loadEngine();
  folder = await temporaryFolder();
  data = await tinyPhantom(folder);
  // Whoever opens a held-out case from here on reads rubbish and is told so.
  const { cases, splits } = await readDataset(data);
  for (const { id, images, label } of cases) {
    if (splits?.heldOut.includes(id))
      for (const file of [...images, label ?? '']) await writeFile(file, 'rubbish');
  }
  straight = await train({ config: tinyConfig(data), out: join(folder, 'straight') });
});

/** Runs until an event satisfies a condition, then asks it to stop. */
async function interruptedAt(
  options: TrainOptions,
  when: (event: TrainEvent) => boolean,
): Promise<TrainResult> {
  const controller = new AbortController();
  const onEvent = (event: TrainEvent) => {
    if (when(event)) controller.abort();
    options.onEvent?.(event);
  };
  return train({ ...options, onEvent, signal: controller.signal });
}

function isValidating(event: TrainEvent): boolean {
  return event.type === 'progress' && event.what === 'validating';
}

function isStep(step: number): (event: TrainEvent) => boolean {
  return (event) => event.type === 'step' && event.step === step;
}

/** What a run computed: every number of its log but the times, and its last weights and moments. */
async function outcome(out: string): Promise<{ log: unknown[]; tensors: Map<string, unknown> }> {
  const paths = runPaths(out);
  const log = (await readLog(paths.log)).map(({ seconds: _seconds, ...entry }) => entry);
  const bytes = await readFile(join(paths.checkpoints, 'step-000006.safetensors'));
  const checkpoint = decodeCheckpoint(bytes, out);
  if (checkpoint === undefined) throw new Error('the last checkpoint is damaged');
  const tensors = [...checkpoint.network, ...checkpoint.optimiser].map(
    ([name, tensor]) => [name, tensor.dataSync()] as const,
  );
  return { log, tensors: new Map(tensors) };
}

describe('a run', () => {
  it('ends with a bundle of its best validated weights, and a folder that explains itself', async () => {
    const names = await readdir(straight.folder);
    expect(names.sort()).toEqual([
      'bundle',
      'checkpoints',
      'config.yaml',
      'log.jsonl',
      'manifest.json',
      'metrics.csv',
      'splits.json',
      'tensorboard',
    ]);
    expect(straight).toMatchObject({ status: 'finished', step: 6, steps: 6 });
    const { segmenter, about } = await readBundle(straight.bundle ?? '');
    expect(segmenter.config.labels.map(({ name }) => name)).toEqual(Object.keys(straight.best?.dsc ?? {}));
    expect(about.training).toMatchObject({
      steps: straight.best?.step,
      validationDsc: straight.best?.dsc,
      cases: { train: 3, validation: 3, heldOut: 2 },
    });
    segmenter.network.dispose();
  });

  it('logs every step and validation, draws table and events from the log, and says what made the numbers', async () => {
    const paths = runPaths(straight.folder);
    const log = await readLog(paths.log);
    expect(log.map(({ type, step }) => `${type} ${step}`)).toEqual([
      'step 1',
      'step 2',
      'validation 2',
      'step 3',
      'step 4',
      'validation 4',
      'step 5',
      'step 6',
      'validation 6',
    ]);
    const rows = (await readFile(paths.metrics, 'utf8')).trim().split('\n');
    expect(rows.map((row) => row.split(',')[0])).toEqual(['step', '2', '4', '6']);
    const [events = ''] = await readdir(paths.tensorBoard);
    const text = await readFile(join(paths.tensorBoard, events), 'latin1');
    for (const tag of ['loss/total', 'loss/globalAlignment', 'learning_rate', 'validation/mean_dsc'])
      expect(text).toContain(tag);
    const manifest = JSON.parse(await readFile(paths.manifest, 'utf8'));
    expect(manifest).toMatchObject({
      seed: 42,
      best: straight.best,
      hashes: { config: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(manifest.sessions).toMatchObject([{ fromStep: 0, toStep: 6, status: 'finished' }]);
    expect(manifest.cases.heldOut.length).toBe(2);
  });

  it('trains the log variances of the losses, which alone do not decay, and everything else', async () => {
    const { tensors } = await outcome(straight.folder);
    const names = [...tensors.keys()];
    expect(names).toContain('alignment.logVariances');
    const network = names.filter((name) => !/^(first|second|steps)/.test(name));
    for (const name of network)
      expect(names).toEqual(expect.arrayContaining([`first.${name}`, `second.${name}`]));
    expect(names.length).toBe(3 * network.length + 1);
  });

  it('lowers the learning rate along half a cosine', async () => {
    const log = await readLog(runPaths(straight.folder).log);
    const rates = log
      .filter((entry): entry is StepEvent => entry.type === 'step')
      .map(({ learningRate }) => learningRate);
    expect(rates).toEqual(
      [0, 1, 2, 3, 4, 5].map((step) => 1e-5 + (0.99e-3 * (1 + Math.cos((Math.PI * step) / 6))) / 2),
    );
  });

  it('leaves no tensor behind, after a step or after itself', async () => {
    const counts: number[] = [];
    const before = tf.memory().numTensors;
    const onEvent = ({ type }: TrainEvent) => {
      if (type === 'step') counts.push(tf.memory().numTensors);
    };
    await train({ config: tinyConfig(data, ['validation.every=3']), out: join(folder, 'counted'), onEvent });
    expect(new Set(counts.slice(1)).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of a method without text goes the same way', async () => {
    const { segmenter } = tinyConfig(data);
    const { image, backbone, labels } = segmenter;
    const config = {
      ...tinyConfig(data, ['steps=2']),
      concepts: null,
      segmenter: { method: 'vision-only' as const, image, backbone, labels },
    };
    const result = await train({ config, out: join(folder, 'vision only') });
    const bundle = await readBundle(result.bundle ?? '');
    expect(bundle.conceptSet).toBeNull();
    bundle.segmenter.network.dispose();
  });

  it('stops at the step whose loss is not finite, and leaves a record to replay it', async () => {
    const out = join(folder, 'diverging');
    const run = train({
      config: tinyConfig(data, ['optimiser.learningRate=1e30', 'checkpoint.every=1']),
      out,
    });
    await expect(run).rejects.toMatchObject({
      code: 'not-finite',
      kind: 'numeric',
      message: expect.stringMatching(/^step 2: .*phantom_00/),
    });
    const replay = JSON.parse(await readFile(runPaths(out).replay, 'utf8'));
    expect(replay).toMatchObject({
      step: 2,
      seed: 42,
      losses: { total: 'NaN' },
      caseIds: [expect.any(String), expect.any(String)],
    });
    expect(await readdir(runPaths(out).checkpoints)).toEqual(['step-000001.safetensors']);
    const manifest = JSON.parse(await readFile(runPaths(out).manifest, 'utf8'));
    expect(manifest.sessions).toMatchObject([{ status: 'failed', toStep: 1 }]);
  });
});

describe('a run that was stopped', () => {
  it('with a bridge over the skips of its backbone ends as the uninterrupted one, running statistics too', async () => {
    const config = tinyConfig(data, ['segmenter.backbone.bridge=dca', 'steps=6', 'validation.every=3']);
    expect(config.segmenter.backbone.bridge).toMatchObject({ name: 'dca', blocks: 1, spatialHeads: 4 });
    const [whole, stopped] = [join(folder, 'bridged'), join(folder, 'bridged and stopped')];
    const { bundle } = await train({ config, out: whole });
    await interruptedAt({ config, out: stopped }, isStep(3));
    await resume({ out: stopped });
    const { tensors } = await outcome(whole);
    expect([...tensors.keys()]).toContain('backbone.bridge.reconnections.1.output.normalisation.runningMean');
    expect((await outcome(stopped)).tensors).toEqual(tensors);
    const { segmenter } = await readBundle(bundle ?? '');
    expect(segmenter.config.backbone).toEqual(config.segmenter.backbone);
    segmenter.network.dispose();
  });

  it.each([1, 3, 4])(
    'after step %i and resumed ends bit for bit where the uninterrupted one does',
    async (step) => {
      const out = join(folder, `stopped at ${step}`);
      const first = await interruptedAt({ config: tinyConfig(data), out }, isStep(step));
      expect(first).toMatchObject({ status: 'interrupted', step, bundle: null });
      const second = await resume({ out });
      expect(second).toMatchObject({ status: 'finished', step: 6, best: straight.best });
      expect(await outcome(out)).toEqual(await outcome(straight.folder));
      const weights = (run: TrainResult) => readFile(join(run.bundle ?? '', 'model.safetensors'));
      expect((await weights(second)).equals(await weights(straight))).toBe(true);
    },
  );

  it('in a validation does that validation again', async () => {
    const out = join(folder, 'stopped in a validation');
    const first = await interruptedAt({ config: tinyConfig(data), out }, isValidating);
    expect(first).toMatchObject({ status: 'interrupted', step: 2, best: null });
    await resume({ out });
    expect(await outcome(out)).toEqual(await outcome(straight.folder));
  });

  it('before the first step has written nothing', async () => {
    const out = join(folder, 'stopped at once');
    const result = await interruptedAt({ config: tinyConfig(data), out }, ({ type }) => type === 'progress');
    expect(result).toMatchObject({ status: 'interrupted', step: 0, bundle: null });
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('goes back to the checkpoint before a damaged one, says so, and ends the same', async () => {
    const out = join(folder, 'damaged');
    await interruptedAt({ config: tinyConfig(data), out }, isStep(4));
    const newest = join(runPaths(out).checkpoints, 'step-000004.safetensors');
    const bytes = await readFile(newest);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(newest, bytes);
    const events: TrainEvent[] = [];
    await resume({ out, onEvent: (event) => events.push(event) });
    expect(events).toContainEqual({
      type: 'notice',
      message: expect.stringContaining('step-000004.safetensors: is damaged'),
    });
    expect(events).toContainEqual(expect.objectContaining({ type: 'start', step: 2 }));
    expect(await outcome(out)).toEqual(await outcome(straight.folder));
  });

  it('is refused with another configuration, by the names of the keys, and with other data', async () => {
    const out = join(folder, 'changed');
    await interruptedAt({ config: tinyConfig(data), out }, isStep(1));
    const changed = tinyConfig(data, ['optimiser.learningRate=2e-3', 'steps=7']);
    await expect(train({ config: changed, out, resume: true })).rejects.toMatchObject({
      code: 'config-differs',
      kind: 'usage',
      message: expect.stringContaining('other values of optimiser.learningRate, steps'),
    });
    const elsewhere = await tinyPhantom(await temporaryFolder());
    await rm(join(elsewhere, 'splits.json'));
    await expect(resume({ out, data: elsewhere })).rejects.toMatchObject({
      code: 'changed-since',
      message: expect.stringContaining('split'),
    });
  });
});

describe('a folder that holds a run', () => {
  it('is refused, or replaced when asked for', async () => {
    const out = join(folder, 'twice');
    const config = tinyConfig(data, ['steps=1']);
    await train({ config, out });
    await expect(train({ config, out })).rejects.toMatchObject({ code: 'run-exists', kind: 'usage' });
    await train({ config: tinyConfig(data, ['steps=2']), out, fresh: true });
    expect((await readLog(runPaths(out).log)).filter(({ type }) => type === 'step').length).toBe(2);
    await expect(train({ config, out: join(folder, 'nowhere'), resume: true })).rejects.toMatchObject({
      code: 'no-run',
      kind: 'usage',
    });
  });
});
