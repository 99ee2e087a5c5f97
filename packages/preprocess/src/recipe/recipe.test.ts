import { describe, expect, it } from 'vitest';
import { ORIENTATION_CODES } from '../geometry/orientation.js';
import { counted, OBLIQUE } from '../nifti/bytes.test-support.js';
import { encodeNifti } from '../nifti/encode.js';
import { parseNifti } from '../nifti/parse.js';
import { orient } from '../transforms/orient.js';
import type { Volume } from '../volume.js';
import { applyRecipe, applyTrace, prepareLabel } from './apply-recipe.js';
import { invertMask } from './invert-recipe.js';
import { parseRecipe } from './recipe.js';

const LABEL: Volume = { ...counted([6, 7, 8], 1, Uint8Array) };

describe('a recipe', () => {
  it.each(ORIENTATION_CODES)('that orients and pads is undone exactly for a scan stored %s', (code) => {
    const scan = parseNifti(encodeNifti(orient(LABEL, code)));
    const recipe = parseRecipe({ orientation: 'RAS', pad: [9, 4, 11], intensity: { kind: 'zscore' } });
    const { volume, trace } = applyRecipe(scan, recipe);
    expect(volume.shape).toEqual([9, 7, 11]);
    const label = applyTrace(scan, trace);
    const back = invertMask(label, JSON.parse(JSON.stringify(trace)));
    expect(back.data).toEqual(scan.data);
    expect(back.affine).toEqual(scan.affine);
    expect(back.geometry).toEqual(scan.geometry);
  });

  it('that resamples brings a mask back to the sides and affine of the scan', () => {
    const { volume, trace } = applyRecipe(LABEL, parseRecipe({ spacing: [0.5, 0.5, 0.5] }));
    expect(volume.shape[0]).toBeGreaterThan(6);
    const finer = applyTrace(LABEL, trace);
    const back = invertMask(finer, trace);
    expect(back.data).toEqual(LABEL.data);
    expect(back.affine).toBe(LABEL.affine);
  });

  it('that crops to the foreground puts 0 outside it on the way back', () => {
    const data = new Uint8Array(6 * 7 * 8);
    data[(2 * 7 + 3) * 8 + 4] = 9;
    data[(4 * 7 + 5) * 8 + 6] = 9;
    const scan = { ...LABEL, data };
    const { volume, trace } = applyRecipe(scan, parseRecipe({ crop: { threshold: 0, margin: [1, 0, 0] } }));
    expect(volume.shape).toEqual([5, 3, 3]);
    const full = invertMask({ ...volume, data: new Uint8Array(45).fill(1) }, trace);
    expect(Array.from(full.data).filter((value) => value === 1)).toHaveLength(45);
    expect(invertMask(volume, trace).data).toEqual(data);
  });

  it('keeps the values of labels and changes those of images', () => {
    const { volume } = applyRecipe(LABEL, parseRecipe({ intensity: { kind: 'window', low: 0, high: 119 } }));
    expect(Math.max(...volume.data)).toBe(1);
  });

  it.each([
    [{ orientation: 'XYZ' }, 'orientation'],
    [{ spacing: [1, 1] }, 'spacing'],
    [{ intensity: { kind: 'window', low: 5, high: 5 } }, 'intensity'],
    [{ spaceing: null }, 'spaceing'],
  ])('%j is refused, naming the key', (value, key) => {
    expect(() => parseRecipe(value)).toThrow(expect.objectContaining({ code: 'bad-recipe' }));
    expect(() => parseRecipe(value)).toThrow(new RegExp(key));
  });

  it('gives labels their ids and regions, on the grid of the image', () => {
    const data = Array.from(LABEL.data, (value) => [0, 205, 420, 421, 500][value % 5] as number);
    const stored = { ...LABEL, data: Int16Array.from(data) };
    const recipe = parseRecipe({
      orientation: 'LPI',
      labels: { values: { 205: 5, 420: 3, 421: 3, 500: 1 } },
      regions: [
        { name: 'cavities', labels: [1, 3] },
        { name: 'heart', labels: [1, 3, 5] },
      ],
    });
    const { trace } = applyRecipe(LABEL, recipe);
    const ids = Array.from(applyTrace(LABEL, trace).data, (value) => [0, 5, 3, 3, 1][value % 5] as number);
    expect(prepareLabel(stored, { ...recipe, regions: null }, trace).data).toEqual(Uint8Array.from(ids));
    const regions = prepareLabel(stored, recipe, trace);
    expect([regions.channels, regions.shape]).toEqual([2, trace.prepared.shape]);
    const expected = [...ids].flatMap((id) => [id === 1 || id === 3 ? 1 : 0, id > 0 ? 1 : 0]);
    expect(regions.data).toEqual(Uint8Array.from(expected));
    const foreign = parseRecipe({ labels: { values: { 205: 5 } } });
    expect(() => prepareLabel(stored, foreign, trace)).toThrow(
      expect.objectContaining({ code: 'unknown-label' }),
    );
  });

  it('refuses a mask or label of another grid', () => {
    const { trace } = applyRecipe(LABEL, parseRecipe({}));
    const other = counted([6, 7, 9], 1, Uint8Array);
    expect(() => invertMask(other, trace)).toThrow(expect.objectContaining({ code: 'grid-mismatch' }));
    const moved = { ...LABEL, affine: OBLIQUE.with(3, 99) as unknown as Volume['affine'] };
    expect(() => applyTrace(moved, trace)).toThrow(expect.objectContaining({ code: 'grid-mismatch' }));
  });
});
