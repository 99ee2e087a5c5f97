import type { RandomStream } from '@bipvl/nn';
import { createBackbone, type SegmentationNetwork } from '@bipvl/vision';
import type { SegmenterConfig } from '../config.js';

/** The backbone of a configuration, for its images and labels; output channel 0 is the background. */
export function configuredBackbone(
  { backbone, image, labels }: Pick<SegmenterConfig, 'backbone' | 'image' | 'labels'>,
  random: RandomStream,
): SegmentationNetwork {
  const { name, ...options } = backbone;
  const data = {
    inputChannels: image.channels,
    outputChannels: labels.length + 1,
    imageSides: image.patch,
  };
  return createBackbone(name, { ...options, ...data }, random);
}
