import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeNifti } from '../nifti/encode.js';
import type { Volume } from '../volume.js';
import { checkDataset } from './check-dataset.js';
import { readDataset } from './read-dataset.js';
import {
  temporaryFolder,
  tinyAffine,
  tinyImage,
  tinyLabel,
  writeTinyDataset,
} from './tiny-dataset.test-support.js';
import { writeMask, writeVolume } from './write-volume.js';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A sound dataset of six cases, spoilt by `spoil`; `[severity, rule, file name]` of each fault found. */
async function faultsAfter(
  name: string,
  spoil: (folder: string, image: (id: string) => string, label: (id: string) => string) => Promise<unknown>,
): Promise<string[]> {
  const folder = join(root, name);
  await writeTinyDataset(folder, IDS);
  const image = (id: string) => join(folder, 'imagesTr', `${id}.nii.gz`);
  const label = (id: string) => join(folder, 'labelsTr', `${id}.nii.gz`);
  await spoil(folder, image, label);
  const faults = await checkDataset(await readDataset(folder));
  return faults.map(({ severity, rule, file }) => `${severity} ${rule} ${file.slice(folder.length + 1)}`);
}

function split(heldOut: string[], folds = [{ train: ['a', 'b'], validation: ['c'] }]): string {
  return JSON.stringify({ train: IDS.filter((id) => !heldOut.includes(id)), heldOut, folds });
}

describe('checkDataset finds', () => {
  it('nothing wrong with a sound dataset', async () => {
    expect(await faultsAfter('sound', async () => undefined)).toEqual([]);
  });

  it('scans that no case owns, but not hidden files', async () => {
    const found = await faultsAfter('unlisted', async (folder, image) => {
      await copyFile(image('a'), join(folder, 'labelsTr', 'stray.nii.gz'));
      await writeFile(join(folder, 'imagesTr', '._a.nii.gz'), 'resource fork');
    });
    expect(found).toEqual(['warning unlisted-file labelsTr/stray.nii.gz']);
  });

  it('an image given twice: a warning, and an error across a fold', async () => {
    const copy = (_: string, image: (id: string) => string) => copyFile(image('a'), image('c'));
    expect(await faultsAfter('twice', copy)).toEqual(['warning duplicate-image imagesTr/c.nii.gz']);
    const found = await faultsAfter('twice across a fold', async (folder, image) => {
      await copyFile(image('a'), image('c'));
      await writeFile(join(folder, 'splits.json'), split([]));
    });
    expect(found).toEqual(['error duplicate-image imagesTr/c.nii.gz']);
  });

  it('a held-out image that is an opened one, without decoding it', async () => {
    const found = await faultsAfter('leak', async (folder, image) => {
      await copyFile(image('a'), image('f'));
      await writeFile(join(folder, 'splits.json'), split(['f']));
    });
    expect(found).toEqual(['error duplicate-image imagesTr/f.nii.gz']);
  });

  it('a label given twice, unless it is empty', async () => {
    const found = await faultsAfter('labels twice', async (_, __, label) => {
      await copyFile(label('a'), label('b'));
      for (const id of ['c', 'd']) await writeMask(label(id), tinyLabel(1, [0]));
    });
    expect(found).toEqual([
      'warning empty-label labelsTr/c.nii.gz',
      'warning empty-label labelsTr/d.nii.gz',
      'warning duplicate-label labelsTr/b.nii.gz',
    ]);
  });

  it('labels with NaN, fractions, 255, a slope, several channels, or no end of values', async () => {
    const found = await faultsAfter('labels', async (_, __, label) => {
      const float = (id: number, change: (data: Float32Array) => unknown): Volume => {
        const data = Float32Array.from(tinyLabel(id, [0, 1]).data);
        change(data);
        return { ...tinyLabel(id, [0, 1]), data };
      };
      await writeVolume(
        label('a'),
        float(0, (data) => data.fill(Number.NaN, 3, 5)),
      );
      await writeVolume(
        label('b'),
        float(1, (data) => data.fill(0.5, 3, 5)),
      );
      await writeMask(label('c'), tinyLabel(2, [0, 255]));
      await rm(label('d'));
      await writeFile(label('d'), scaledNifti(tinyLabel(3, [0, 1])));
      await writeVolume(label('e'), {
        ...tinyImage(9, 2),
        data: Int16Array.from({ length: 48 }, (_, i) => i % 2),
      });
    });
    expect(found).toEqual([
      'error not-finite labelsTr/a.nii.gz',
      'error fractional-label labelsTr/b.nii.gz',
      'error picture-label labelsTr/c.nii.gz',
      'warning scaled-label labelsTr/d.nii.gz',
      'error label-channels labelsTr/e.nii.gz',
    ]);
  });

  it('channels of one case on two grids, in their nnU-Net files', async () => {
    const folder = join(root, 'channels');
    const manifest = { channel_names: { '0': 'T1', '1': 'T2' }, labels: { background: 0, blob: 1 } };
    await mkdir(folder);
    await writeFile(join(folder, 'dataset.json'), JSON.stringify(manifest));
    const channel = (id: string, index: number) => join(folder, 'imagesTr', `${id}_000${index}.nii.gz`);
    for (const [seed, id] of ['a', 'b', 'c'].entries()) {
      await writeVolume(channel(id, 0), tinyImage(seed));
      await writeMask(join(folder, 'labelsTr', `${id}.nii.gz`), tinyLabel(seed, [0, 1]));
    }
    await writeVolume(channel('a', 1), { ...tinyImage(7), affine: tinyAffine(1.5) });
    await writeVolume(channel('b', 1), { ...tinyImage(8), shape: [2, 3, 4] });
    const faults = await checkDataset(await readDataset(folder));
    expect(faults.map(({ rule, file }) => `${rule} ${file.slice(folder.length + 1)}`)).toEqual([
      'grid-differs imagesTr/a_0001.nii.gz',
      'shape-differs imagesTr/b_0001.nii.gz',
      'channel-count imagesTr/c_0000.nii.gz',
    ]);
  });

  it('images of one value, of one slice, sheared, and bytes after the last voxel', async () => {
    const found = await faultsAfter('images', async (_, image, label) => {
      await writeVolume(image('a'), { ...tinyImage(0), data: new Int16Array(24).fill(7) });
      const flat = { shape: [4, 6, 1] as const };
      await writeVolume(image('b'), { ...tinyImage(1), ...flat });
      await writeMask(label('b'), { ...tinyLabel(1, [0, 1]), ...flat });
      const affine = tinyAffine().with(1, 0.2) as unknown as Volume['affine'];
      await writeVolume(image('c'), { ...tinyImage(2), affine });
      await writeMask(label('c'), { ...tinyLabel(2, [0, 1]), affine });
      await writeFile(image('d'), new Uint8Array([...encodeNifti(tinyImage(3)), 0, 0]));
    });
    expect(found).toEqual([
      'warning constant-image imagesTr/a.nii.gz',
      'warning one-slice imagesTr/b.nii.gz',
      'warning sheared imagesTr/c.nii.gz',
      'warning read-remark imagesTr/d.nii.gz',
    ]);
  });

  it('a folder in place of a file', async () => {
    const found = await faultsAfter('folder', async (_, image) => {
      await rm(image('a'));
      await mkdir(image('a'));
    });
    expect(found).toEqual(['error not-a-file imagesTr/a.nii.gz']);
  });

  it.skipIf(process.getuid?.() === 0)('a file without the right to read it', async () => {
    const found = await faultsAfter('forbidden', async (_, image) => chmod(image('a'), 0));
    expect(found).toEqual(['error file-unreadable imagesTr/a.nii.gz']);
  });

  it('CT that is no Hounsfield units, and a class that nothing shows', async () => {
    const folder = join(root, 'windowed');
    const labels = { '0': 'background', '1': 'blob', '2': 'nowhere' };
    await writeTinyDataset(folder, IDS, { labels });
    for (const [seed, id] of IDS.entries()) {
      const data = tinyImage(seed).data.map((value) => Math.abs(value) % 256);
      await writeVolume(join(folder, 'imagesTr', `${id}.nii.gz`), { ...tinyImage(seed), data });
    }
    const faults = await checkDataset(await readDataset(folder));
    expect(faults.map(({ rule }) => rule)).toEqual(['not-hounsfield', 'absent-class']);
    expect(faults[1]?.fault).toContain('2 nowhere');
  });

  it('cases unlike the others in spacing and orientation', async () => {
    const found = await faultsAfter('outlier', async (_, image, label) => {
      const affine = tinyAffine(4);
      await writeVolume(image('b'), { ...tinyImage(1), affine });
      await writeMask(label('b'), { ...tinyLabel(1, [0, 1]), affine });
    });
    expect(found).toEqual([
      'warning spacing-outlier imagesTr/b.nii.gz',
      'warning size-outlier imagesTr/b.nii.gz',
    ]);
  });
});

/** A NIfTI file whose header scales its voxels by 2; byte 112 holds scl_slope (nifti1.h). */
function scaledNifti(volume: Volume): Uint8Array {
  const halves = Float32Array.from(volume.data, (value) => value / 2);
  const bytes = encodeNifti({ ...volume, data: halves });
  new DataView(bytes.buffer).setFloat32(112, 2, true);
  return bytes;
}
