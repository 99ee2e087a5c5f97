import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { affinesClose, isSheared, spacing } from '../geometry/affine.js';
import { orientationCode } from '../geometry/orientation.js';
import { orient } from '../transforms/orient.js';
import type { Volume } from '../volume.js';
import { readVolume } from './read-volume.js';

const data =
  process.env['BIPVL_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const io = join(data, 'io');
const haveFiles = existsSync(io);
const skipped = haveFiles ? '' : ' (skipped: no data/io; set BIPVL_DATA)';

/** Shape, channels, orientation and array as nibabel reports them. */
const EXPECTED: Record<string, [string, number, string, string]> = {
  'anatomical.nii': ['33x41x25', 1, 'LAS', 'Int16Array'],
  'example4d.nii.gz': ['128x96x24', 2, 'LAS', 'Int16Array'],
  'reoriented_anat_moved.nii': ['21x26x22', 1, 'RAS', 'Float32Array'],
  'resampled_anat_moved.nii': ['17x21x3', 1, 'LAS', 'Float32Array'],
  'standard.nii.gz': ['4x5x7', 1, 'RAS', 'Uint8Array'],
  'someones_anatomy.nii.gz': ['57x67x56', 1, 'RAS', 'Float32Array'],
  '5D_small.nii': ['1x2x3', 3, 'PSR', 'Float32Array'],
  'avg152T1_LR_nifti.nii.gz': ['91x109x91', 1, 'LAS', 'Uint8Array'],
  'big.nii.gz': ['64x64x21', 1, 'LAS', 'Float32Array'],
  'little.nii.gz': ['64x64x21', 1, 'LAS', 'Float32Array'],
  'with_extension.nii.gz': ['161x191x151', 1, 'LPI', 'Uint8Array'],
  'shear.nii.gz': ['306x422x54', 1, 'RAS', 'Float32Array'],
  'ras.hdr': ['62x41x34', 1, 'RAS', 'Uint8Array'],
  'LAS_drawing_correct.nii.gz': ['64x79x67', 1, 'LAS', 'Uint8Array'],
  'CT_pitch.nii.gz': ['175x248x58', 1, 'RAS', 'Uint8Array'],
  'fmri_pitch.nii.gz': ['64x64x35', 1, 'RAS', 'Float32Array'],
};

const REFUSED: Record<string, string> = {
  'not-nifti.nii': 'not-nifti',
  'complex_image.nii.gz': 'nifti-unsupported-datatype',
  'ct_perfusion.nii.gz': 'nifti-unsupported-datatype',
};

describe.skipIf(!haveFiles)(`files of other programs${skipped}`, () => {
  it('are all accounted for', () => {
    const files = readdirSync(io).filter((name) => /\.(nii|nii\.gz|hdr)$/.test(name));
    expect(files.sort()).toEqual([...Object.keys(EXPECTED), ...Object.keys(REFUSED)].sort());
  });

  it.each(Object.entries(EXPECTED))('%s', async (name, [shape, channels, code, array]) => {
    const volume = await readVolume(join(io, name));
    expect([volume.shape.join('x'), volume.channels]).toEqual([shape, channels]);
    expect([orientationCode(volume.affine), volume.data.constructor.name]).toEqual([code, array]);
  });

  it.each(Object.entries(REFUSED))('%s is refused as %s', async (name, code) => {
    await expect(readVolume(join(io, name))).rejects.toThrow(expect.objectContaining({ code }));
  });

  it('keep voxels in either byte order, shear, and NaN', async () => {
    const [big, little] = await Promise.all(
      ['big', 'little'].map((name) => readVolume(join(io, `${name}.nii.gz`))),
    );
    expect(big !== undefined && little !== undefined && sameBytes(big, little)).toBe(true);
    expect(isSheared((await readVolume(join(io, 'shear.nii.gz'))).affine, 1e-3)).toBe(true);
    expect((await readVolume(join(io, 'resampled_anat_moved.nii'))).data.some(Number.isNaN)).toBe(true);
  });

  it('show one head, whichever of 24 axis orders it is stored in', async () => {
    const folder = join(io, 'nifti_space');
    const files = readdirSync(folder).filter((name) => name.endsWith('.nii.gz'));
    expect(files).toHaveLength(24);
    const first = orient(await readVolume(join(folder, files[0] ?? '')), 'RAS');
    for (const name of files) {
      const volume = orient(await readVolume(join(folder, name)), 'RAS');
      expect(sameBytes(volume, first), name).toBe(true);
      expect(affinesClose(volume.affine, first.affine, 1e-4), name).toBe(true);
      expect(spacing(volume.affine)[0]).toBeCloseTo(2.39, 1);
    }
  });
});

function sameBytes(a: Volume, b: Volume): boolean {
  return Buffer.compare(new Uint8Array(a.data.buffer), new Uint8Array(b.data.buffer)) === 0;
}
