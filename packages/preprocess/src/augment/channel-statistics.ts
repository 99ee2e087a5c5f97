/** What the values of one channel are like. */
export interface ChannelStatistics {
  readonly mean: number;
  /** Population standard deviation. */
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

/** Statistics of channel `channel` of a `[D, H, W, C]` image, summed in doubles, in two passes. */
export function channelStatistics(image: Float32Array, channels: number, channel: number): ChannelStatistics {
  let sum = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = channel; i < image.length; i += channels) {
    const value = image[i] as number;
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const count = image.length / channels;
  const mean = sum / count;
  let squares = 0;
  for (let i = channel; i < image.length; i += channels) squares += ((image[i] as number) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count), low, high };
}
