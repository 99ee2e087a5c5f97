import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../tiny-run.test-support.js';
import { type Checkpoint, decodeCheckpoint, disposeCheckpoint, encodeCheckpoint } from './checkpoint-file.js';
import { Checkpoints } from './checkpoints.js';
import { lockFolder } from './lock.js';
import { discardRun, openRunFolder } from './open-run-folder.js';
import { RunLog, readLog } from './run-log.js';
import { lockName, runNames, runPaths } from './run-paths.js';

beforeAll(async () => {
  await loadEngine();
});

function checkpointAt(step: number, best: number | null = null): Checkpoint {
  const score = best === null ? null : { step: best, meanDsc: 0.5, dsc: { liver: 0.5, spleen: null } };
  return {
    progress: { step, validated: 0, best: score, seconds: 1.5 },
    seed: 42,
    identity: { config: 'a', split: 'b', cases: 'c', concepts: null, tokenizer: null },
    logBytes: 100,
    network: new Map([['layer.weight', tf.tensor1d([step, 1 / 3, -0])]]),
    optimiser: new Map([['steps', tf.scalar(step, 'int32')]]),
  };
}

describe('the lock of a run folder', () => {
  it('keeps a second trainer out until it is given back', async () => {
    const folder = await temporaryFolder();
    const unlock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'run-locked',
      kind: 'resource',
      message: expect.stringContaining(`process ${process.pid} on`),
    });
    await unlock();
    await (await lockFolder(folder))();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a process of this machine that has ended, by one of several', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, lockName), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
    const results = await Promise.allSettled([lockFolder(folder), lockFolder(folder), lockFolder(folder)]);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(await readdir(folder)).toEqual([lockName]);
  });

  it.each([JSON.stringify({ pid: 1, host: 'another machine' }), '{"pid'])(
    'is respected where nobody can tell whether its holder lives: %s',
    async (text) => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, lockName), text);
      await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'run-locked' });
    },
  );
});

describe('a run folder', () => {
  it('is made with what is missing above it, and unmade where nothing was written', async () => {
    const folder = await temporaryFolder();
    const open = await openRunFolder(join(folder, 'a', 'b'), 'new');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual([lockName]);
    await open.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('that cannot be made or written is found out before any work', async () => {
    const file = join(await temporaryFolder(), 'a file');
    await writeFile(file, '');
    const fault = { code: 'run-folder-fault', kind: 'resource', message: expect.stringContaining(file) };
    await expect(openRunFolder(file, 'new')).rejects.toMatchObject(fault);
    await expect(openRunFolder(join(file, 'below'), 'fresh')).rejects.toMatchObject(fault);
  });

  it('is discarded whole, and of strangers nothing', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, runNames.checkpoints));
    await mkdir(join(folder, '.discarded-left-over'));
    for (const name of [runNames.config, runNames.log, 'notes.txt']) await writeFile(join(folder, name), '');
    await discardRun(runPaths(folder));
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });
});

describe('a checkpoint', () => {
  it('reads back as it was saved', async () => {
    const saved = checkpointAt(7, 3);
    const { network, optimiser, ...facts } = decodeCheckpoint(
      await encodeCheckpoint(saved),
      'it',
    ) as Checkpoint;
    const { network: before, optimiser: _optimiser, ...expected } = saved;
    expect(facts).toEqual(expected);
    expect(network.get('layer.weight')?.dataSync()).toEqual(before.get('layer.weight')?.dataSync());
    expect(optimiser.get('steps')?.dataSync()[0]).toBe(7);
  });

  it('is refused when any byte of it is another, or any is missing', async () => {
    const bytes = await encodeCheckpoint(checkpointAt(7));
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      expect(decodeCheckpoint(damaged, 'it')).toBeUndefined();
    }
    for (const length of [0, 7, 8, 100, bytes.length - 1])
      expect(decodeCheckpoint(bytes.subarray(0, length), 'it')).toBeUndefined();
  });

  it('is kept when it is one of the two newest or the best; left-overs of a killed save go', async () => {
    const folder = join(await temporaryFolder(), 'checkpoints');
    const checkpoints = new Checkpoints(folder);
    for (const step of [2, 4, 6, 8]) {
      await checkpoints.save(checkpointAt(step, 4));
      if (step === 4) await writeFile(join(folder, 'step-000006.safetensors.tmp-1-abc'), 'half');
    }
    const names = [4, 6, 8].map((step) => `step-00000${step}.safetensors`);
    expect((await readdir(folder)).sort()).toEqual(names);
  });

  it('that is damaged is passed over for the one before, by name', async () => {
    const folder = join(await temporaryFolder(), 'checkpoints');
    const checkpoints = new Checkpoints(folder);
    for (const step of [2, 4]) await checkpoints.save(checkpointAt(step));
    const newest = join(folder, 'step-000004.safetensors');
    const bytes = await readFile(newest);
    await writeFile(newest, bytes.subarray(0, bytes.length / 2));
    const { checkpoint, skipped } = await checkpoints.loadNewest();
    expect(checkpoint?.progress.step).toBe(2);
    expect(skipped).toEqual([newest]);
    if (checkpoint) disposeCheckpoint(checkpoint);
    await expect(checkpoints.load(4)).rejects.toMatchObject({ code: 'bad-checkpoint', kind: 'data' });
  });
});

describe('the log', () => {
  const entry = (step: number) =>
    ({ type: 'validation', step, meanDsc: 0.1, dsc: {}, cases: 1, isBest: true, seconds: 1 }) as const;

  it('goes on from the position that a checkpoint knows', async () => {
    const path = join(await temporaryFolder(), 'log.jsonl');
    const first = await RunLog.open(path, 0);
    await first.append(entry(1));
    const position = first.bytes;
    await first.append(entry(2));
    await first.close();
    const second = await RunLog.open(path, position);
    await second.append(entry(3));
    await second.close();
    expect((await readLog(path)).map(({ step }) => step)).toEqual([1, 3]);
  });

  it('is refused where it is shorter than the checkpoint knows, or broken', async () => {
    const path = join(await temporaryFolder(), 'log.jsonl');
    await writeFile(path, '{"step":1}\n{"st');
    await expect(RunLog.open(path, 100)).rejects.toMatchObject({ code: 'bad-log', kind: 'data' });
    await expect(readLog(path)).rejects.toThrow(/line 2/);
  });
});
