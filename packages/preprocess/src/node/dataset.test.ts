import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../dataset/dataset.js';
import type { Fault } from '../dataset/fault.js';
import { makeSplits } from '../dataset/splits.js';
import type { Volume } from '../volume.js';
import { checkDataset } from './check-dataset.js';
import { readCaseImage, readLabel } from './read-case.js';
import { readDataset } from './read-dataset.js';
import { readVolume } from './read-volume.js';
import { writePhantom } from './write-phantom.js';
import { writeMask, writeVolume } from './write-volume.js';

let root: string;
let clean: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bipvl-dataset-'));
  clean = join(root, 'clean');
  await writePhantom(clean, {
    cases: 6,
    shape: [24, 24, 16],
    spacing: [13, 13, 15],
    heldOutFraction: 1 / 3,
    folds: 2,
  });
});
afterAll(() => rm(root, { recursive: true }));

async function copyOf(name: string): Promise<string> {
  const folder = join(root, name);
  await cp(clean, folder, { recursive: true });
  return folder;
}

async function edit(
  folder: string,
  file: string,
  change: (json: Record<string, unknown>) => unknown,
): Promise<void> {
  const json = JSON.parse(await readFile(join(folder, file), 'utf8'));
  await writeFile(join(folder, file), JSON.stringify(change(json)));
}

function firstTraining(dataset: Dataset): { id: string; image: string; label: string } {
  const files = dataset.cases.find(({ id }) => dataset.splits?.train.includes(id));
  return { id: files?.id ?? '', image: files?.images[0] ?? '', label: files?.label ?? '' };
}

describe('readDataset', () => {
  it('reads a Decathlon folder with its words on origin, and its split', async () => {
    const dataset = await readDataset(clean);
    expect(dataset).toMatchObject({
      name: 'BiPVL phantom',
      licence: 'CC0-1.0',
      tensorImageSize: '3D',
      modality: ['CT'],
    });
    expect(dataset.description).toMatch(/^SYNTHETIC/);
    expect(dataset.labels[3]).toEqual({ id: 3, name: 'left kidney' });
    expect(dataset.cases).toHaveLength(6);
    expect(dataset.splits?.heldOut).toHaveLength(2);
    expect(dataset.splits?.folds).toHaveLength(2);
  });

  it('reads an nnU-Net folder, joining the channels of a case', async () => {
    const folder = await copyOf('nnunet');
    const labels = { background: 0, liver: 1, spleen: 2, 'left kidney': 3, 'right kidney': 4, aorta: 5 };
    const manifest = {
      channel_names: { '0': 'CT', '1': 'CT again' },
      labels,
      file_ending: '.nii.gz',
      numTraining: 1,
    };
    await writeFile(join(folder, 'dataset.json'), JSON.stringify(manifest));
    await rm(join(folder, 'splits.json'));
    await writeFile(join(folder, 'splits_final.json'), JSON.stringify([{ train: ['phantom_001'], val: [] }]));
    const images = join(folder, 'imagesTr');
    await cp(join(images, 'phantom_001.nii.gz'), join(images, 'phantom_001_0001.nii.gz'));
    await rename(join(images, 'phantom_001.nii.gz'), join(images, 'phantom_001_0000.nii.gz'));
    for (const index of [2, 3, 4, 5, 6]) {
      await rm(join(images, `phantom_00${index}.nii.gz`));
      await rm(join(folder, 'labelsTr', `phantom_00${index}.nii.gz`));
    }
    const dataset = await readDataset(folder);
    expect(dataset.splits).toEqual({
      train: ['phantom_001'],
      heldOut: [],
      folds: [{ train: ['phantom_001'], validation: [] }],
    });
    const [files] = dataset.cases;
    if (files === undefined) throw new Error('the case is listed');
    const image = await readCaseImage(files);
    expect(image.channels).toBe(2);
    expect(image.data[7]).toBe(image.data[6]);
    expect((await readLabel(files.label ?? '')).shape).toEqual(image.shape);
    const faults = await checkDataset(dataset);
    expect(faults.map(({ rule, severity }) => [rule, severity])).toEqual([['duplicate-image', 'warning']]);
    expect(faults[0]?.fault).toContain('another channel of the same case');
  });

  it.each<[string, (json: Record<string, unknown>) => unknown, string, RegExp]>([
    [
      'a path that leaves the folder',
      (json) => ({ ...json, training: [{ image: '../secret.nii.gz' }] }),
      'unsafe-path',
      /secret/,
    ],
    [
      'a file name that is no id',
      (json) => ({ ...json, training: [{ image: './imagesTr/a b.nii.gz' }] }),
      'bad-case-id',
      /a b/,
    ],
    [
      'a case listed twice',
      (json) => ({ ...json, training: [{ image: './a.nii' }, { image: './a.nii' }] }),
      'duplicate-case',
      /case a/,
    ],
    ['no background', (json) => ({ ...json, labels: { '1': 'liver' } }), 'bad-manifest', /labels: label 0/],
    [
      'overlapping regions',
      (json) => ({ ...json, labels: { background: 0, whole: [1, 2] } }),
      'bad-manifest',
      /"whole": \[1,2\]/,
    ],
    ['no labels', ({ labels: _, ...json }) => json, 'bad-manifest', /labels/],
  ])('refuses %s', async (name, change, code, message) => {
    const folder = await copyOf(name.replaceAll(' ', '-'));
    await edit(folder, 'dataset.json', change);
    await expect(readDataset(folder)).rejects.toThrow(expect.objectContaining({ code, kind: 'data' }));
    await expect(readDataset(folder)).rejects.toThrow(message);
  });

  it('refuses a folder without manifest, and one that is not JSON', async () => {
    await expect(readDataset(join(root, 'nowhere'))).rejects.toThrow(
      expect.objectContaining({ code: 'file-missing' }),
    );
    const folder = join(root, 'broken');
    await mkdir(folder);
    await writeFile(join(folder, 'dataset.json'), '{ "labels": ');
    await expect(readDataset(folder)).rejects.toThrow(expect.objectContaining({ code: 'bad-json' }));
  });
});

describe('checkDataset', () => {
  it('finds nothing wrong with the phantom, and reports progress', async () => {
    const seen: string[] = [];
    const dataset = await readDataset(clean);
    expect(
      await checkDataset(dataset, { onProgress: (done, total) => seen.push(`${done}/${total}`) }),
    ).toEqual([]);
    expect(seen).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  it('opens no held-out case unless told to', async () => {
    const folder = await copyOf('held-out');
    const dataset = await readDataset(folder);
    const id = dataset.splits?.heldOut[0] ?? '';
    await writeFile(join(folder, 'imagesTr', `${id}.nii.gz`), 'rubbish');
    expect(await checkDataset(dataset)).toEqual([]);
    const faults = await checkDataset(dataset, { cases: [id] });
    expect(faults.filter(({ severity }) => severity === 'error')).toHaveLength(1);
  });

  it('finds all faults at once, each with its file and mend', async () => {
    const folder = await copyOf('faulty');
    const dataset = await readDataset(folder);
    const [a = '', b = '', c = '', d = ''] = dataset.splits?.train ?? [];
    const image = (id: string): string => join(folder, 'imagesTr', `${id}.nii.gz`);
    const label = (id: string): string => join(folder, 'labelsTr', `${id}.nii.gz`);
    await rm(label(a));
    await writeFile(image(b), (await readFile(image(b))).subarray(0, 3000));
    const labels = await readVolume(label(c));
    const strange = Uint8Array.from(labels.data, (value) => (value === 1 ? 77 : value));
    await writeMask(label(c), { ...labels, data: strange });
    const scan = await readVolume(image(c));
    await writeVolume(image(c), { ...scan, data: Float32Array.from(scan.data).fill(Number.NaN, 5, 6) });
    const last = await readVolume(label(d));
    await writeMask(label(d), moved({ ...last, data: new Uint8Array(last.data.length) }));
    const faults = await checkDataset(dataset);
    expect(find(faults, label(a))).toEqual(['is missing']);
    expect(find(faults, image(b))).toEqual([expect.stringContaining('gzip stream is damaged')]);
    expect(find(faults, label(c))).toEqual([expect.stringContaining('has label 77')]);
    expect(find(faults, image(c))).toEqual([
      expect.stringContaining('NaN or infinite, the first is voxel 5'),
    ]);
    expect(find(faults, label(d))).toEqual([
      expect.stringMatching(/mm from its image/),
      expect.stringContaining('empty'),
    ]);
    expect(faults.every(({ mend }) => mend.length > 0)).toBe(true);
  });

  it('finds shapes that differ, labels that are not whole, and channels that are not named', async () => {
    const folder = await copyOf('shapes');
    await edit(folder, 'dataset.json', (json) => ({ ...json, modality: { '0': 'CT', '1': 'PET' } }));
    const dataset = await readDataset(folder);
    const { image, label } = firstTraining(dataset);
    const { shape, ...rest } = await readVolume(label);
    const smaller = { ...rest, shape: [shape[0], shape[1], shape[2] - 1] as const };
    const data = new Float32Array(shape[0] * shape[1] * (shape[2] - 1)).fill(0.5, 0, 9);
    await writeVolume(label, { ...smaller, data });
    const faults = await checkDataset(dataset, { cases: [firstTraining(dataset).id] });
    expect(find(faults, label)).toEqual([
      expect.stringContaining('has shape'),
      expect.stringContaining('0.5'),
    ]);
    expect(find(faults, image)).toEqual([expect.stringContaining('the manifest names 2')]);
  });

  it('finds leaks in a split', async () => {
    const folder = await copyOf('leak');
    const whole = await readDataset(folder);
    const leaked = whole.splits?.heldOut[0] ?? '';
    await edit(folder, 'splits.json', (json) => ({
      train: [...(json['train'] as string[]), leaked],
      heldOut: json['heldOut'],
      folds: [{ train: ['phantom_999'], validation: ['phantom_999'] }],
    }));
    const faults = await checkDataset(await readDataset(folder), { cases: [] });
    const texts = find(faults, join(folder, 'splits.json')).join('\n');
    expect(texts).toContain(`both in train and in heldOut: ${leaked}`);
    expect(texts).toContain('trains and validates on the same case: phantom_999');
    expect(texts).toContain('not in train: phantom_999');
  });
});

describe('makeSplits', () => {
  const ids = Array.from({ length: 23 }, (_, i) => `case_${i}`);
  const options = { folds: 4, heldOutFraction: 0.2, seed: 7 };

  it('does not depend on the order of the listing, but on the seed', () => {
    expect(makeSplits([...ids].reverse(), options)).toEqual(makeSplits(ids, options));
    expect(makeSplits(ids, { ...options, seed: 8 })).not.toEqual(makeSplits(ids, options));
  });

  it('validates every training case once and never touches the held-out ones', () => {
    const { train, heldOut, folds } = makeSplits(ids, options);
    expect(heldOut).toHaveLength(5);
    expect([...train, ...heldOut].sort()).toEqual([...ids].sort());
    expect(folds.flatMap(({ validation }) => validation).sort()).toEqual(train);
    for (const fold of folds) expect([...fold.train, ...fold.validation].sort()).toEqual(train);
  });

  it('refuses more folds than cases', () => {
    expect(() => makeSplits(['a', 'b'], options)).toThrow(expect.objectContaining({ code: 'bad-split' }));
  });
});

function find(faults: readonly Fault[], file: string): string[] {
  return faults.filter((fault) => fault.file === file).map(({ fault }) => fault);
}

function moved(volume: Volume): Volume {
  const { geometry: _, ...rest } = volume;
  return { ...rest, affine: volume.affine.with(3, volume.affine[3] + 100) as unknown as Volume['affine'] };
}
