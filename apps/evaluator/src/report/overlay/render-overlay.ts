import { EvaluatorError } from '../../errors.js';
import { chooseSlices } from './choose-slices.js';
import { labelAreas, labelOutlines } from './label-paths.js';
import type { OverlayPlane } from './overlay-plane.js';
import { drawSlice, percentileWindow, type SampledSlice, type Window } from './picture.js';
import { type PlaneLayout, planeLayouts, type Shape3, viewSlice } from './plane-layout.js';

/** A RAS-oriented image: `data` in C-order [D, H, W, C], of which channel 0 is shown; `spacing` in mm. */
export interface OverlayImage {
  readonly data: ArrayLike<number>;
  readonly shape: Shape3;
  readonly spacing: readonly [number, number, number];
  readonly channels?: number;
}

/** How to draw; `window` defaults to the 1st and 99th percentile, `longestSide` (pixels) to 360. */
export interface OverlayOptions {
  readonly window?: Window;
  readonly longestSide?: number;
}

interface OverlayInputs {
  readonly image: OverlayImage;
  readonly reference: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  readonly labels: readonly number[];
  readonly slices: Shape3;
  readonly window: Window;
  readonly pixelsPerMm: number;
}

function checkSizes(image: OverlayImage, reference: ArrayLike<number>, predicted: ArrayLike<number>): void {
  const voxels = image.shape[0] * image.shape[1] * image.shape[2];
  const sizes = {
    image: image.data.length / (image.channels ?? 1),
    reference: reference.length,
    predicted: predicted.length,
  };
  for (const [name, size] of Object.entries(sizes)) {
    if (size === voxels) continue;
    throw new EvaluatorError(
      'overlay-grids',
      `overlay: ${name} has ${size} voxels, the shape [${image.shape.join(', ')}] has ${voxels}`,
      { kind: 'usage', hint: 'bring image, reference and prediction to one grid' },
    );
  }
}

function drawPlane(layout: PlaneLayout, inputs: OverlayInputs): OverlayPlane {
  const { image, pixelsPerMm, labels, window } = inputs;
  const slice = inputs.slices[layout.normal];
  const view = viewSlice(layout, image.shape, slice);
  const cellWidth = image.spacing[layout.across] * pixelsPerMm;
  const cellHeight = image.spacing[layout.down] * pixelsPerMm;
  const width = Math.max(1, Math.round(view.columns * cellWidth));
  const height = Math.max(1, Math.round(view.rows * cellHeight));
  const sampled = (data: ArrayLike<number>, channels: number): SampledSlice => ({
    columns: view.columns,
    rows: view.rows,
    cellWidth,
    cellHeight,
    value: (column, row) => data[view.index(column, row) * channels] ?? Number.NaN,
  });
  return {
    plane: layout.name,
    slice,
    sliceCount: image.shape[layout.normal],
    width,
    height,
    pixelsPerMm,
    window,
    png: drawSlice(sampled(image.data, image.channels ?? 1), width, height, window),
    letters: layout.letters,
    reference: labelOutlines(sampled(inputs.reference, 1), labels),
    predicted: labelAreas(sampled(inputs.predicted, 1), labels),
  };
}

/**
 * Axial, coronal and sagittal pictures of a case through the slices with most foreground, all at one scale, in
 * radiological display: the patient's right is on the viewer's left.
 * @param reference label values [D, H, W]; @param predicted the same grid; @param classes whose `id` is drawn.
 * @throws EvaluatorError `overlay-grids` if the three grids differ in size.
 */
export function renderOverlay(
  image: OverlayImage,
  reference: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: readonly { readonly id: number }[],
  options: OverlayOptions = {},
): OverlayPlane[] {
  checkSizes(image, reference, predicted);
  const longestMm = Math.max(...image.shape.map((side, axis) => side * (image.spacing[axis] ?? 1)));
  const inputs: OverlayInputs = {
    image,
    reference,
    predicted,
    labels: classes.map(({ id }) => id),
    slices: chooseSlices(reference, predicted, image.shape),
    window: options.window ?? percentileWindow(image.data, image.channels),
    pixelsPerMm: (options.longestSide ?? 360) / longestMm,
  };
  return planeLayouts.map((layout) => drawPlane(layout, inputs));
}
