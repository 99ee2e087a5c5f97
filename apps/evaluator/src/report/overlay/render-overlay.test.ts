import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { OverlayPlane, PlaneName } from './overlay-plane.js';
import { percentileWindow } from './picture.js';
import { renderOverlay } from './render-overlay.js';

type Voxel = readonly [number, number, number];
const shape = [12, 16, 10] as const;
const classes = [{ id: 1 }, { id: 2 }];

function empty(): Float32Array {
  return new Float32Array(shape[0] * shape[1] * shape[2]);
}

function index([d, h, w]: Voxel): number {
  return (d * shape[1] + h) * shape[2] + w;
}

function withVoxel(voxel: Voxel, value: number): Float32Array {
  const data = empty();
  data[index(voxel)] = value;
  return data;
}

/** Planes through one bright, labelled voxel of a RAS volume. */
function through(voxel: Voxel, spacing: Voxel = [1, 1, 1]): OverlayPlane[] {
  const image = { data: withVoxel(voxel, 100), shape, spacing };
  const label = withVoxel(voxel, 1);
  return renderOverlay(image, label, label, classes, { window: [0, 100], longestSide: 160 });
}

function plane(planes: readonly OverlayPlane[], name: PlaneName): OverlayPlane {
  const found = planes.find((each) => each.plane === name);
  if (!found) throw new Error(`no ${name} plane`);
  return found;
}

/** Centre of brightness as parts of the width and the height. */
function brightCentre({ png }: OverlayPlane): { across: number; down: number } {
  const { data, width, height, channels } = decode(png);
  expect(channels).toBe(1);
  let [sum, sumX, sumY] = [0, 0, 0];
  data.forEach((level, pixel) => {
    sum += level;
    sumX += level * ((pixel % width) + 0.5);
    sumY += level * (Math.floor(pixel / width) + 0.5);
  });
  expect(sum).toBeGreaterThan(0);
  return { across: sumX / sum / width, down: sumY / sum / height };
}

describe('radiological display of RAS volumes', () => {
  // In RAS the first index grows towards the patient's right, so a large d is the patient's right.
  it("shows the patient's right on the viewer's left, in axial and coronal planes", () => {
    for (const name of ['axial', 'coronal'] as const) {
      const onTheRight = plane(through([10, 8, 5]), name);
      expect(onTheRight.letters).toMatchObject({ left: 'R', right: 'L' });
      expect(brightCentre(onTheRight).across).toBeLessThan(0.25);
      expect(brightCentre(plane(through([1, 8, 5]), name)).across).toBeGreaterThan(0.75);
    }
  });

  it('shows the front at the top of axial and at the left of sagittal planes', () => {
    const planes = through([6, 14, 5]);
    expect(plane(planes, 'axial').letters).toMatchObject({ top: 'A', bottom: 'P' });
    expect(plane(planes, 'sagittal').letters).toMatchObject({ left: 'A', right: 'P' });
    expect(brightCentre(plane(planes, 'axial')).down).toBeLessThan(0.25);
    expect(brightCentre(plane(planes, 'sagittal')).across).toBeLessThan(0.25);
  });

  it('shows the head at the top of coronal and sagittal planes', () => {
    for (const name of ['coronal', 'sagittal'] as const) {
      const high = plane(through([6, 8, 8]), name);
      expect(high.letters).toMatchObject({ top: 'S', bottom: 'I' });
      expect(brightCentre(high).down).toBeLessThan(0.25);
    }
  });

  it('lays the labels exactly over the voxels they belong to', () => {
    // At 10 pixels per mm voxel (10, 8, 5) is column 12-1-10 = 1 and row 16-1-8 = 7 of the axial picture.
    const axial = plane(through([10, 8, 5]), 'axial');
    expect([axial.width, axial.height, axial.pixelsPerMm]).toEqual([120, 160, 10]);
    expect(axial.predicted).toEqual([{ label: 1, path: 'M10 70H20V80H10Z' }]);
    expect(axial.reference).toEqual([{ label: 1, path: 'M10 70H20M10 80H20M10 70V80M20 70V80' }]);
    const { data, width } = decode(axial.png);
    expect(data[75 * width + 15]).toBeGreaterThan(200);
    expect(data[75 * width + 35]).toBe(0);
  });
});

describe('renderOverlay', () => {
  it('keeps millimetres square whatever the spacing', () => {
    const planes = through([6, 8, 5], [0.5, 1, 3]);
    const sizes = planes.map(({ plane: name, width, height }) => [name, width, height]);
    // 6 x 16 x 30 mm, and 160 pixels for the longest of them.
    expect(sizes).toEqual([
      ['axial', 32, 85],
      ['coronal', 32, 160],
      ['sagittal', 85, 160],
    ]);
  });

  it('goes through the slices with most foreground of reference and prediction together', () => {
    const reference = withVoxel([2, 3, 4], 1);
    const predicted = empty();
    for (const voxel of [
      [7, 9, 6],
      [7, 9, 7],
      [7, 10, 7],
      [8, 9, 7],
    ] as const)
      predicted[index(voxel)] = 2;
    const planes = renderOverlay({ data: empty(), shape, spacing: [1, 1, 1] }, reference, predicted, classes);
    expect(planes.map(({ plane: name, slice, sliceCount }) => [name, slice, sliceCount])).toEqual([
      ['axial', 7, 10],
      ['coronal', 9, 16],
      ['sagittal', 7, 12],
    ]);
    expect(plane(planes, 'axial').reference).toEqual([]);
    expect(plane(planes, 'axial').predicted.map(({ label }) => label)).toEqual([2]);
  });

  it('takes the middle where nothing is labelled, and shows voxels that are no number as black', () => {
    const data = empty().fill(Number.NaN);
    const planes = renderOverlay({ data, shape, spacing: [1, 1, 1] }, empty(), empty(), classes);
    expect(planes.map(({ slice }) => slice)).toEqual([4, 7, 5]);
    expect(planes.every(({ png }) => decode(png).data.every((level) => level === 0))).toBe(true);
  });

  it('shows the first channel of several', () => {
    const data = new Float32Array(shape[0] * shape[1] * shape[2] * 2);
    for (let voxel = 0; voxel < data.length / 2; voxel++) data[voxel * 2] = 50;
    const image = { data, shape, spacing: [1, 1, 1] as const, channels: 2 };
    const planes = renderOverlay(image, empty(), empty(), classes, { window: [0, 100] });
    expect(new Set(decode(plane(planes, 'coronal').png).data)).toEqual(new Set([128]));
  });

  it('refuses grids of different size', () => {
    const image = { data: empty(), shape, spacing: [1, 1, 1] as const };
    expect(() => renderOverlay(image, new Uint8Array(7), empty(), classes)).toThrow('reference has 7 voxels');
  });
});

describe('percentileWindow', () => {
  it('leaves out the extremes and what is no number', () => {
    const data = Float32Array.from({ length: 1001 }, (_, value) => value);
    expect(percentileWindow(data)).toEqual([10, 990]);
    expect(percentileWindow([Number.NaN, 5, Number.POSITIVE_INFINITY, 5])).toEqual([5, 6]);
  });
});
