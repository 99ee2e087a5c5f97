import { allocating } from '../allocate.js';
import { judgeSizes } from '../attached/judge-size.js';
import { type Refuse, refuserOf } from '../attached/refuse.js';
import { PreprocessError } from '../errors.js';
import { type ReadOptions, resolveLimits } from '../nifti/limits.js';
import { fromFileOrder } from '../nifti/voxels.js';
import type { Volume, VoxelArray } from '../volume.js';
import { chooseSeries, type FoundSlice } from './choose-series.js';
import { ElementStream } from './element-stream.js';
import { judgeSlice } from './judge-slice.js';
import { DICOM_MAGIC_BYTES, isDicom } from './read-elements.js';
import type { Slice } from './slice.js';
import { stackSlices } from './stack-slices.js';
import { pixelBytes, storedPixels } from './stored-pixels.js';
import { valueType, writeScaled } from './value-type.js';

/** One file of a folder, or one that a page was handed. */
export interface SliceSource {
  readonly name: string;
  /** Bytes of the whole file. */
  size(): Promise<number>;
  /** `length` bytes from `start` on, fewer where the file ends. */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** How a DICOM series is read. */
export interface ReadSeriesOptions extends ReadOptions {
  /** Which series, where there are several; the error that lists them numbers them. */
  readonly series?: number;
}

/** False for names that no slice has: hidden files, and the table of contents of a medium. */
export function mayBeSlice(name: string): boolean {
  return !name.startsWith('.') && name !== 'DICOMDIR';
}

/**
 * Decodes a compressed slice to its values after scaling, row by row. `bytes` is the whole file `source`.
 * Rejects when it is damaged.
 */
export type DecodeCompressed<S extends SliceSource> = (source: S, bytes: Uint8Array) => Promise<unknown>;

/**
 * Reads the slices among `sources` as one volume `[columns, rows, slices]`, in Hounsfield units where they are CT.
 * Every file is judged before a pixel is decoded, and no more than one is held at a time; files that are no DICOM image
 * are left out with a warning. Throws a `PreprocessError` of kind `data` with a code `dicom-...`.
 */
export async function readSlices<S extends SliceSource>(
  sources: readonly S[],
  name: string,
  options: ReadSeriesOptions,
  decode: DecodeCompressed<S>,
): Promise<Volume> {
  const found: FoundSlice<S>[] = [];
  for (const source of sources) {
    const slice = await judged(source, options);
    if (slice !== undefined) found.push({ source, slice });
  }
  const refuse = refuserOf('dicom', name);
  if (found.length === 0) {
    throw refuse('empty', 'holds no DICOM image', 'give the folder that holds the slices themselves');
  }
  const { slices, affine } = stackSlices(chooseSeries(found, options.series, name), name);
  const { columns, rows } = (slices[0] as FoundSlice<S>).slice;
  const shape = [columns, rows, slices.length] as const;
  const data = await decodeStack(slices, refuse, name, options, decode);
  return { data: fromFileOrder(data, shape, 1), shape, channels: 1, affine };
}

async function judged<S extends SliceSource>(source: S, options: ReadOptions): Promise<Slice | undefined> {
  const warn = (message: string): void => options.onWarning?.(`${source.name}: ${message}`);
  if (!isDicom(await source.read(0, DICOM_MAGIC_BYTES))) {
    warn('is no DICOM file and is left out');
    return undefined;
  }
  const bytes = await source.read(0, resolveLimits(options).maxExtensionBytes);
  const slice = judgeSlice({ bytes, size: await source.size() }, refuserOf('dicom', source.name), warn);
  if (slice === undefined) warn('holds no image and is left out');
  return slice;
}

async function decodeStack<S extends SliceSource>(
  slices: readonly FoundSlice<S>[],
  refuse: Refuse,
  name: string,
  options: ReadOptions,
  decode: DecodeCompressed<S>,
): Promise<VoxelArray> {
  const type = valueType(slices.map(({ slice }) => slice));
  const { columns, rows } = (slices[0] as FoundSlice<S>).slice;
  judgeSizes([columns, rows, slices.length], 'uint8', resolveLimits(options), refuse);
  const count = columns * rows * slices.length;
  const data = allocating(count, name, () => new type(count));
  for (const [index, { source, slice }] of slices.entries()) {
    const start = index * columns * rows;
    if (slice.syntax.compressed) data.set(await decompressed(source, slice, decode), start);
    else writeScaled(await plainPixels(source, slice), slice, data, start);
  }
  return data;
}

async function plainPixels(source: SliceSource, slice: Slice): Promise<VoxelArray> {
  const bytes = await source.read(slice.pixels.offset, pixelBytes(slice));
  if (bytes.length === pixelBytes(slice)) return storedPixels(bytes, slice, source.name);
  const fault = 'became shorter while it was read';
  throw refuserOf('dicom', source.name)('truncated', fault, 'read it again when it is complete');
}

async function decompressed<S extends SliceSource>(
  source: S,
  { columns, rows, pixels, syntax }: Slice,
  decode: DecodeCompressed<S>,
): Promise<VoxelArray> {
  const refuse = refuserOf('dicom', source.name);
  const bytes = await source.read(0, pixels.offset + pixels.length);
  // A missing fragment must not be left to the codec: walking over them all finds it.
  new ElementStream({ bytes, size: bytes.length }, pixels.offset, syntax, refuse).skipSequence();
  const values = await decode(source, bytes).catch((cause: unknown) => {
    if (PreprocessError.isInstance(cause)) throw cause;
    const fault = 'its compressed pixels cannot be decoded (itk-wasm)';
    throw refuse('damaged', fault, 'copy or download the file again', cause);
  });
  if (ArrayBuffer.isView(values) && 'length' in values && values.length === columns * rows) {
    return values as VoxelArray;
  }
  const fault = `its compressed pixels are not the ${columns}x${rows} that it promises`;
  throw refuse('damaged', fault, 'copy or download the file again');
}
