/** One channel of a `[D, H, W, C]` image as a dense array of its own. */
export function readChannel(image: Float32Array, channels: number, channel: number): Float32Array {
  const values = new Float32Array(image.length / channels);
  for (let i = 0, from = channel; i < values.length; i += 1, from += channels)
    values[i] = image[from] as number;
  return values;
}

/** Puts a dense channel back into a `[D, H, W, C]` image. */
export function writeChannel(
  image: Float32Array,
  channels: number,
  channel: number,
  values: Float32Array,
): void {
  for (let i = 0, to = channel; i < values.length; i += 1, to += channels) image[to] = values[i] as number;
}
