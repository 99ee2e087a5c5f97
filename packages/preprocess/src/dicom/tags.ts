/**
 * The only data elements that are read: how pixels are stored, what they mean, and where they lie. Every other element,
 * names, dates and all other text included, is stepped over without being decoded.
 */
export const TAGS = {
  storageClass: 0x0002_0002,
  transferSyntax: 0x0002_0010,
  modality: 0x0008_0060,
  sliceThickness: 0x0018_0050,
  spacingBetweenSlices: 0x0018_0088,
  seriesInstance: 0x0020_000e,
  position: 0x0020_0032,
  orientation: 0x0020_0037,
  samplesPerPixel: 0x0028_0002,
  photometric: 0x0028_0004,
  frames: 0x0028_0008,
  rows: 0x0028_0010,
  columns: 0x0028_0011,
  pixelSpacing: 0x0028_0030,
  bitsAllocated: 0x0028_0100,
  bitsStored: 0x0028_0101,
  highBit: 0x0028_0102,
  pixelRepresentation: 0x0028_0103,
  burnedIn: 0x0028_0301,
  intercept: 0x0028_1052,
  slope: 0x0028_1053,
  lossy: 0x0028_2110,
  pixels: 0x7fe0_0010,
} as const;

/** Name of an element that is read. */
export type TagName = keyof typeof TAGS;
