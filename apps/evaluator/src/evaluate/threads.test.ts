import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// The app as it is built: a worker thread needs compiled code.
import { type EvaluateOptions, type Evaluation, evaluateFolder } from '@bipvl/evaluator';
import type { Volume } from '@bipvl/preprocess';
import { writeMask } from '@bipvl/preprocess/node';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-evaluate-threads-'));
  for (let index = 0; index < 6; index++) {
    await writeMask(join(folder, 'references', `case-${index}.nii.gz`), ball(index));
    await writeMask(join(folder, 'predictions', `case-${index}.nii.gz`), ball(index + 2));
  }
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A ball of label 1 in 24 x 20 x 16 voxels, with half of it as label 2. */
function ball(shift: number): Volume {
  const shape = [24, 20, 16] as const;
  const data = new Uint8Array(24 * 20 * 16);
  for (let voxel = 0; voxel < data.length; voxel++) {
    const [d, h, w] = [Math.floor(voxel / 320), Math.floor(voxel / 16) % 20, voxel % 16];
    if (Math.hypot(d - 8 - shift, h - 10, w - 8) < 5) data[voxel] = h < 10 ? 1 : 2;
  }
  return { data, shape, channels: 1, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1] };
}

const run = (more: Partial<EvaluateOptions> = {}): Promise<Evaluation> =>
  evaluateFolder({
    predictions: join(folder, 'predictions'),
    references: join(folder, 'references'),
    ...more,
  });

test('results and files are the same whatever the number of threads', async () => {
  const files = async (threads: number): Promise<string[]> => {
    const out = join(folder, `out-${threads}`);
    await run({ threads, out });
    expect((await readdir(out)).sort()).toEqual(['metrics.csv', 'metrics.json']);
    return Promise.all(['metrics.csv', 'metrics.json'].map((name) => readFile(join(out, name), 'utf8')));
  };
  const alone = await files(0);
  for (const threads of [1, 2, 5]) expect(await files(threads)).toEqual(alone);
});

test('the error is typed, names the file, and is that of the first bad case, whatever the number of threads', async () => {
  for (const index of [1, 2, 4]) {
    await writeFile(join(folder, 'predictions', `case-${index}.nii.gz`), 'no mask');
  }
  for (const threads of [0, 1, 3, 6]) {
    await expect(run({ threads, labels: [{ id: 1, name: 'one' }] })).rejects.toMatchObject({
      isBipvlError: true,
      kind: 'data',
      message: expect.stringContaining(join(folder, 'predictions', 'case-1.nii.gz')),
    });
  }
});

test.each([0, 2])('an abort ends %i threads with its reason and writes nothing', async (threads) => {
  const stop = new AbortController();
  const out = join(folder, 'out');
  const reason = new Error('enough');
  await expect(run({ threads, out, signal: stop.signal, onProgress: () => stop.abort(reason) })).rejects.toBe(
    reason,
  );
  await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(run({ threads, signal: stop.signal })).rejects.toBe(reason);
});
