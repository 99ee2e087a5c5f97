import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkDataset } from './check-dataset.js';
import { fingerprintDataset } from './fingerprint-dataset.js';
import { readDataset } from './read-dataset.js';
import { temporaryFolder, writeTinyDataset } from './tiny-dataset.test-support.js';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});

describe('fingerprintDataset', () => {
  it('never opens a held-out case, and keeps no case id unless asked', async () => {
    const folder = join(root, 'held out');
    await writeTinyDataset(folder, ['a', 'b', 'c']);
    const splits = { train: ['a', 'b'], heldOut: ['c'], folds: [{ train: ['a'], validation: ['b'] }] };
    await writeFile(join(folder, 'splits.json'), JSON.stringify(splits));
    await writeFile(join(folder, 'imagesTr', 'c.nii.gz'), 'rubbish');
    const dataset = await readDataset(folder);
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);
    const fingerprint = await fingerprintDataset(dataset, { onProgress });
    expect(progress).toEqual(['1/2', '2/2']);
    expect(fingerprint.cases).toEqual(
      [0, 1].map(() => ({ shape: [4, 3, 2], spacing: [1, 1, 1], orientation: 'RAS' })),
    );
    expect(JSON.parse(JSON.stringify(fingerprint))).toEqual(fingerprint);
    const named = await fingerprintDataset(dataset, { withCaseIds: true });
    expect(named.cases.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('refuses a case without label', async () => {
    const folder = join(root, 'no label');
    await writeTinyDataset(folder, ['a'], { training: [{ image: './imagesTr/a.nii.gz' }] });
    await expect(fingerprintDataset(await readDataset(folder))).rejects.toThrow(
      expect.objectContaining({ code: 'missing-label' }),
    );
  });
});

const data =
  process.env['BIPVL_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const hippocampus = join(data, 'Task04_Hippocampus');
const there = existsSync(join(hippocampus, 'dataset.json'));
const skipped = there ? '' : ' (skipped: no data/Task04_Hippocampus; set BIPVL_DATA)';

describe.skipIf(!there)(`the Decathlon's hippocampus${skipped}`, () => {
  it('has no fault but the number of its cases', async () => {
    const dataset = await readDataset(hippocampus, { recipe: 'msd-hippocampus' });
    expect((await checkDataset(dataset)).map(({ rule }) => rule)).toEqual(['recipe-cases']);
  });

  it('has the fingerprint that nibabel and numpy 2 give over the 160 training cases', async () => {
    const fingerprint = await fingerprintDataset(await readDataset(hippocampus));
    expect(fingerprint.shape.median).toEqual([35, 50, 36]);
    const [anterior, posterior] = fingerprint.classes;
    expect(anterior).toMatchObject({ cases: 160, millilitres: { median: 1.697, min: 1.133, max: 2.482 } });
    expect(posterior?.frequency).toBeCloseTo(0.025197310745337678, 12);
    // No case has 10000 labelled voxels, so that the foreground is not a sample but all of it.
    const foreground = fingerprint.channels[0]?.foreground;
    expect(foreground?.percentile_50_0).toBeCloseTo(362.21814, 4);
    expect(foreground?.mean).toBeCloseTo(24870.642695565715, 5);
    expect(foreground?.deviation).toBeCloseTo(63500.23537624147, 5);
    // numpy's median with each voxel weighted by 1 over the voxels of its case; ours is of a sample.
    const median = fingerprint.channels[0]?.all?.percentile_50_0 ?? 0;
    expect(Math.abs(median / 467.33 - 1)).toBeLessThan(0.01);
    expect(fingerprint.channels[0]?.range).toEqual([0, 1704295.25]);
  });
});
