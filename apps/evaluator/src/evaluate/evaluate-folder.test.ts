import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Affine, orient, type Volume } from '@bipvl/preprocess';
import { writeMask, writeVolume } from '@bipvl/preprocess/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { evaluateFolder } from './evaluate-folder.js';

const affine: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bipvl-evaluate-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A box of label 1 and one of label 2 in 8 x 8 x 8 voxels; label 1 may be moved along the first axis. */
function mask(shift = 0, second = 2): Volume {
  const data = new Uint8Array(512);
  for (let d = 0; d < 8; d++) {
    for (let h = 2; h < 6; h++) {
      for (let w = 2; w < 6; w++) {
        if (d >= 1 + shift && d < 4 + shift) data[(d * 8 + h) * 8 + w] = 1;
        else if (d >= 6) data[(d * 8 + h) * 8 + w] = second;
      }
    }
  }
  return { data, shape: [8, 8, 8], channels: 1, affine };
}

/** 2048 voxels. */
const image = (): Volume => ({ ...mask(), shape: [8, 16, 16] });

/** The voxels with the first axis running fastest, as files have them. */
function fileOrder({ data, shape }: Volume): Uint8Array {
  const [depth, height, width] = shape;
  return Uint8Array.from({ length: data.length }, (_, i) => {
    const [d, h, w] = [i % depth, Math.floor(i / depth) % height, Math.floor(i / (depth * height))];
    return data[(d * height + h) * width + w] ?? 0;
  });
}

function nrrdFile(volume: Volume): Buffer {
  const header = [
    'NRRD0004',
    'type: uint8',
    'dimension: 3',
    'space: right-anterior-superior',
    `sizes: ${volume.shape.join(' ')}`,
    'space directions: (1,0,0) (0,1,0) (0,0,2)',
    'space origin: (0,0,0)',
    'encoding: raw',
  ];
  return Buffer.concat([Buffer.from(`${header.join('\n')}\n\n`), fileOrder(volume)]);
}

/** MetaImage counts to the left and to the back: the first two axes are reversed. */
function metaImageFile(volume: Volume): Buffer {
  const header = [
    'ObjectType = Image',
    'NDims = 3',
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    'CompressedData = False',
    'TransformMatrix = -1 0 0 0 -1 0 0 0 1',
    'Offset = 0 0 0',
    'ElementSpacing = 1 1 2',
    `DimSize = ${volume.shape.join(' ')}`,
    'ElementType = MET_UCHAR',
    'ElementDataFile = LOCAL',
  ];
  return Buffer.concat([Buffer.from(`${header.join('\n')}\n`), fileOrder(volume)]);
}

async function save(kind: 'predictions' | 'references', name: string, volume: Volume): Promise<string> {
  const path = join(folder, kind, name);
  await writeMask(path, volume);
  return path;
}

const folders = () => ({
  predictions: join(folder, 'predictions'),
  references: join(folder, 'references'),
});

const run = (more: object = {}) => evaluateFolder({ ...folders(), threads: 0, ...more });

describe('evaluateFolder', () => {
  beforeEach(async () => {
    await save('references', 'a.nii.gz', mask());
    await save('references', 'b.nii.gz', mask());
    await save('references', 'c.nii.gz', mask());
    await save('predictions', 'a.nii', mask());
    await save('predictions', 'b.nii.gz', mask(1, 0));
  });

  test('scores cases of the same name and writes metrics.json and metrics.csv', async () => {
    const out = join(folder, 'out');
    const result = await run({ out });
    expect(result.withoutPrediction).toEqual([join(folder, 'references', 'c.nii.gz')]);
    expect((await readdir(out)).sort()).toEqual(['metrics.csv', 'metrics.json']);
    const [header, ...rows] = (await readFile(join(out, 'metrics.csv'), 'utf8')).trimEnd().split('\n');
    expect(header).toMatch(/^case,label,dsc,hd95_mm,nsd,/);
    // Box of three layers moved by one: two shared of three and three, so 2 * 2 / 6, and 1 mm between the surfaces.
    expect(rows.map((row) => row.split(',').slice(0, 5))).toEqual([
      ['a', '1', '1', '0', '1'],
      ['a', '2', '1', '0', '1'],
      ['b', '1', String(2 / 3), '1', '1'],
      ['b', '2', '0', '', '0'],
    ]);
    expect(JSON.parse(await readFile(join(out, 'metrics.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(result)),
    );
    expect(result.summary.labels.map(({ missed }) => missed)).toEqual([0, 1]);
    expect(result.summary.labels[0]?.metrics.dsc.mean).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  test('takes labels, a tolerance and reports each case', async () => {
    const seen: string[] = [];
    const result = await run({
      labels: [{ id: 1, name: 'box, "left"' }],
      tolerance: 0.5,
      out: join(folder, 'out'),
      onProgress: ({ caseId, done, total }: { caseId: string; done: number; total: number }) =>
        seen.push(`${caseId} ${done}/${total}`),
    });
    expect(seen).toEqual(['a 1/2', 'b 2/2']);
    expect(result.cases[1]?.labels[0]?.nsd).toBeLessThan(1);
    expect(await readFile(join(folder, 'out', 'metrics.csv'), 'utf8')).toContain('"box, ""left"""');
  });

  test('a mask on another grid is refused with both files', async () => {
    const moved = await save('predictions', 'c.nii.gz', {
      ...mask(),
      affine: affine.map((value, i) => (i === 3 ? 1 : value)) as unknown as Affine,
    });
    const reference = join(folder, 'references', 'c.nii.gz');
    await expect(run()).rejects.toMatchObject({
      code: 'grid-mismatch',
      kind: 'data',
      message: `${moved} lies up to 1.00 mm from ${reference}: their affines differ`,
    });
    await save('predictions', 'c.nii.gz', orient({ ...mask(), shape: [8, 4, 16] }, 'SRA'));
    await expect(run()).rejects.toThrow(`${moved} has [16, 8, 4] voxels, ${reference} has [8, 8, 8]`);
  });

  test('a prediction without a reference, and a folder without masks', async () => {
    const alone = await save('predictions', 'z.nii.gz', mask());
    await expect(run()).rejects.toMatchObject({
      code: 'no-reference',
      message: expect.stringContaining(alone),
    });
    await expect(run({ predictions: join(folder, 'nowhere') })).rejects.toMatchObject({
      code: 'folder-unreadable',
    });
    await expect(run({ predictions: folder })).rejects.toMatchObject({ code: 'no-masks' });
  });

  test('one case in two files', async () => {
    await save('predictions', 'a.nii.gz', mask());
    await expect(run()).rejects.toMatchObject({
      code: 'same-name',
      message: expect.stringContaining('a.nii.gz'),
    });
  });

  test('masks without any label', async () => {
    for (const name of ['a', 'b']) {
      await save('references', `${name}.nii.gz`, { ...mask(), data: new Uint8Array(512) });
      await save('predictions', `${name}.nii${name === 'b' ? '.gz' : ''}`, {
        ...mask(),
        data: new Uint8Array(512),
      });
    }
    await expect(run()).rejects.toMatchObject({ code: 'no-labels' });
  });

  test('a label that only predictions hold is found, and hallucinated', async () => {
    await save('predictions', 'b.nii.gz', mask(1, 9));
    const { summary } = await run();
    expect(summary.labels.map(({ name, hallucinated, absent }) => [name, hallucinated, absent])).toEqual([
      ['label 1', 0, 0],
      ['label 2', 0, 0],
      ['label 9', 1, 1],
    ]);
    expect(summary).toMatchObject({ missed: 1, hallucinated: 1, absent: 1 });
  });

  test('values that are no label ids, and an image in place of a mask, by file', async () => {
    const path = await save('predictions', 'b.nii.gz', { ...mask(), data: new Int16Array(512).fill(-3) });
    await expect(run()).rejects.toMatchObject({
      code: 'bad-label-id',
      message: `${path}: holds the value -3, labels are 0 to 65535`,
    });
    await save('predictions', 'b.nii.gz', {
      ...image(),
      data: Int16Array.from({ length: 2048 }, (_, i) => i),
    });
    await expect(run()).rejects.toMatchObject({
      code: 'too-many-labels',
      message: expect.stringContaining(path),
    });
  });

  test('NRRD and MHA masks, on the same grid as NIfTI ones', async () => {
    const alone = await run();
    await rm(join(folder, 'references', 'a.nii.gz'));
    await rm(join(folder, 'predictions', 'b.nii.gz'));
    await writeFile(join(folder, 'references', 'a.nrrd'), nrrdFile(mask()));
    await writeFile(join(folder, 'predictions', 'b.mha'), metaImageFile(mask(1, 0)));
    expect(await run()).toEqual(alone);
  });

  test('a convention is followed and written down', async () => {
    const { convention, cases } = await run({ convention: 'medpy' });
    expect(convention).toBe('medpy');
    expect(cases[0]?.labels[0]?.nsd).toBeNull();
  });

  test('a number of threads that is none', async () => {
    await expect(run({ threads: 1.5 })).rejects.toMatchObject({ code: 'bad-threads', kind: 'usage' });
  });

  test('values that are no labels, by file', async () => {
    const path = join(folder, 'references', 'a.nii.gz');
    await writeVolume(path, { ...mask(), data: new Float32Array(512).fill(0.5) });
    await expect(run()).rejects.toMatchObject({
      code: 'not-integers',
      message: expect.stringContaining(path),
    });
  });

  test('an out folder that cannot be, before any work', async () => {
    await writeFile(join(folder, 'file'), '');
    const seen: unknown[] = [];
    const attempt = run({ out: join(folder, 'file', 'out'), onProgress: (step: unknown) => seen.push(step) });
    await expect(attempt).rejects.toMatchObject({ code: 'unwritable-folder', kind: 'resource' });
    expect(seen).toEqual([]);
  });
});
