import { describe, expect, it } from 'vitest';
import { affinesClose, spacing } from '../geometry/affine.js';
import { orientationCode } from '../geometry/orientation.js';
import { readVolume } from '../node/read-volume.js';
import {
  asAffine,
  expectVolume,
  haveFixtures,
  loadFixture,
  shareOfDifferences,
  volumeCases,
} from '../parity.test-support.js';
import type { Volume } from '../volume.js';
import { cropForeground, extractBox, foregroundBox, pad } from './box.js';
import { normaliseIntensity, windowIntensity } from './intensity.js';
import { orient } from './orient.js';
import { resample, resampleGrid } from './resample.js';

if (!haveFixtures) it.skip('preproc/* parity with MONAI: no fixtures; set BIPVL_FIXTURES', () => undefined);

function targetOf(fixture: ReturnType<typeof loadFixture>): [number, number, number] {
  const { affine } = fixture.step('spacing_bilinear').volume;
  const [d, h, w] = spacing(affine);
  return [Number(d.toFixed(6)), Number(h.toFixed(6)), Number(w.toFixed(6))];
}

describe.each(volumeCases())('preproc/%s as MONAI has it', (name) => {
  const fixture = loadFixture(name);

  it('reads the voxels, affine, orientation and zooms that nibabel reads', async () => {
    const volume = await readVolume(fixture.image);
    expectVolume(volume, fixture.step('load'));
    expect(affinesClose(volume.affine, asAffine(fixture.nifti.nibabel_affine), 1e-14)).toBe(true);
    expect(orientationCode(volume.affine)).toBe(fixture.nifti.axcodes.join(''));
    fixture.nifti.zooms.forEach((mm, axis) => {
      expect(spacing(volume.affine)[axis as 0]).toBeCloseTo(mm, 5);
    });
  });

  it.each(fixture.orientations)('orients to %s', async (code) => {
    expectVolume(orient(await readVolume(fixture.image), code), fixture.step(`orient_${code}`));
  });

  it('orients labels', async () => {
    expectVolume(orient(await readVolume(fixture.label), 'RAS'), fixture.step('orient_RAS_label'));
  });

  it('resamples images trilinearly', () => {
    const { volume } = fixture.step('orient_RAS');
    expectVolume(resample(volume, targetOf(fixture), 'linear'), fixture.step('spacing_bilinear'));
  });

  it('resamples labels to the nearest voxel', () => {
    const expected = fixture.step('spacing_nearest_label').volume;
    const found = resample(fixture.step('orient_RAS_label').volume, targetOf(fixture), 'nearest');
    expect(found.shape).toEqual(expected.shape);
    expect(shareOfDifferences(found, expected)).toBeLessThanOrEqual(0.001);
  });

  it('keeps the spacing of axes given as 0', () => {
    const [, h] = targetOf(fixture);
    const found = resample(fixture.step('orient_RAS').volume, [0, h, 0], 'linear');
    expectVolume(found, fixture.step('spacing_keep_first'));
  });

  it('maps windows of intensities, clipped or not', () => {
    const clipped = windowIntensity(fixture.step('spacing_bilinear').volume, { low: -175, high: 250 });
    expectVolume(clipped, fixture.step('scale_range'));
    const options = { low: -57, high: 164, outLow: -1, outHigh: 1, clip: false };
    expectVolume(windowIntensity(fixture.step('load').volume, options), fixture.step('scale_range_noclip'));
  });

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('z-scores with nonZero %s, perChannel %s', (nonZero, perChannel) => {
    const found = normaliseIntensity(fixture.input('two_channel'), { nonZero, perChannel });
    expectVolume(found, fixture.step(`normalize_nonzero${Number(nonZero)}_channel${Number(perChannel)}`));
  });

  it('crops to the foreground and pads symmetrically', () => {
    const crop = fixture.step('crop_foreground');
    const scaled = fixture.step('scale_range').volume;
    expect(foregroundBox(scaled).start).toEqual(crop.info.box_start);
    expectVolume(cropForeground(scaled), crop);
    const padded = fixture.step('spatial_pad_symmetric');
    expectVolume(pad(crop.volume, padded.volume.shape), padded);
  });

  it('cuts boxes that reach outside the volume', () => {
    const expected = fixture.step('crop_foreground_margin');
    const [start, end] = [expected.info.box_start ?? [], expected.info.box_end ?? []] as [number[], number[]];
    const size = end.map((last, axis) => last - (start[axis] ?? 0)) as unknown as [number, number, number];
    const found = extractBox(fixture.step('load').volume, {
      start: start as unknown as [number, number, number],
      size,
    });
    expectVolume(found, expected);
  });

  it.each([
    ['label_back_to_original_grid', 'spacing_nearest_label', 'nearest'],
    ['image_back_to_original_grid', 'spacing_bilinear', 'linear'],
  ] as const)('brings volumes back: %s', (step, from, interpolation) => {
    const expected = fixture.step(step);
    const before = fixture.step('orient_RAS').volume;
    const resampled = fixture.step(from).volume;
    const back = resampleBack(resampled, before, interpolation);
    const found = orient(back, orientationCode(expected.volume.affine));
    if (interpolation === 'linear') expectVolume(found, expected);
    else expect(shareOfDifferences(found, expected.volume)).toBeLessThanOrEqual(0.001);
  });
});

function resampleBack(volume: Volume, before: Volume, interpolation: 'linear' | 'nearest'): Volume {
  const [old, now] = [spacing(before.affine), spacing(volume.affine)];
  return resampleGrid(
    volume,
    [old[0] / now[0], old[1] / now[1], old[2] / now[2]],
    before.shape,
    interpolation,
  );
}
