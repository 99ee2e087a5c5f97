import type { Shape3 } from '../volume.js';

/** Where the voxels of a grid lie in an array: `array[offset + d * strides[0] + h * strides[1] + w * strides[2]]`. */
export interface Layout {
  readonly offset: number;
  readonly strides: readonly [number, number, number];
}

/** The C-order layout of channel `channel` of a `[D, H, W, C]` array. */
export function denseLayout(shape: Shape3, channels = 1, channel = 0): Layout {
  return { offset: channel, strides: [shape[1] * shape[2] * channels, shape[2] * channels, channels] };
}

/** The same layout starting at voxel `(d, h, w)`. */
export function moveLayout(layout: Layout, [d, h, w]: readonly [number, number, number]): Layout {
  const [sd, sh, sw] = layout.strides;
  return { strides: layout.strides, offset: layout.offset + d * sd + h * sh + w * sw };
}
