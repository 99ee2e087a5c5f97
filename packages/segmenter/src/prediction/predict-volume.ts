import { NetworkError } from '@bipvl/nn';
import { applyRecipe, invertMask, type Recipe, type Volume } from '@bipvl/preprocess';
import type { Label, SegmenterConfig } from '../config.js';
import type { Predictor } from '../segmenter.js';
import { argMaxLabels } from './arg-max-labels.js';
import { type SlidingWindowOptions, slidingWindow } from './sliding-window.js';

/** How a scan is prepared, what the channels of the network mean, and how windows are laid. */
export interface PredictVolumeOptions extends Omit<SlidingWindowOptions, 'patch' | 'overlap'> {
  readonly recipe: Recipe;
  readonly config: Pick<SegmenterConfig, 'image' | 'labels'>;
  /** Share of a window that the next one covers again. Default 0.5. */
  readonly overlap?: SlidingWindowOptions['overlap'];
}

/**
 * Segments a scan as it came from the file: prepares it by the recipe, predicts by sliding window, and brings the mask back to the
 * scan's own grid, affine and stored geometry. Voxels are 0 or the `id` of a label, in the smallest integer type.
 * @throws NetworkError `channel-mismatch`, `bad-overlap`, `prediction-memory`, `non-finite-logits`.
 */
export async function predictVolume(
  predictor: Predictor,
  volume: Volume,
  { recipe, config, overlap = 0.5, ...options }: PredictVolumeOptions,
): Promise<Volume> {
  if (volume.channels !== config.image.channels) throw wrongChannels(volume, config.image.channels);
  const { volume: prepared, trace } = applyRecipe(volume, recipe);
  const windows = { ...options, patch: config.image.patch, overlap };
  const { data, classes } = await slidingWindow(prepared, (window) => predictor.predict(window), windows);
  const mask = labelIds(argMaxLabels(data, classes), config.labels);
  return invertMask({ data: mask, shape: prepared.shape, channels: 1, affine: prepared.affine }, trace);
}

/** Output channel j + 1 stands for `labels[j]`. */
function labelIds(channels: Uint16Array, labels: readonly Label[]): Uint16Array {
  const ids = Uint16Array.from([0, ...labels.map(({ id }) => id)]);
  return channels.map((channel) => ids[channel] as number);
}

function wrongChannels({ channels }: Volume, expected: number): NetworkError {
  return new NetworkError(
    'channel-mismatch',
    `the image has ${channels} channel(s), the segmenter reads ${expected}`,
    { kind: 'data', hint: 'give all channels the segmenter was trained on, in the same order' },
  );
}
