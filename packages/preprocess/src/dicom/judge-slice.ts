import { areOrthonormal } from '../attached/numbers.js';
import { BROKEN_HEADER, CONVERT, type Refuse } from '../attached/refuse.js';
import type { Vector3 } from '../geometry/affine.js';
import type { FileStart } from './element-stream.js';
import { ElementValues } from './element-values.js';
import { readElements } from './read-elements.js';
import type { PixelFormat, Slice } from './slice.js';
import type { TransferSyntax } from './transfer-syntax.js';

const DIRECTION_TOLERANCE = 1e-3;
// No codec makes pixels that much larger.
const LARGEST_EXPANSION = 2;
const SMALL_BYTES = 2 ** 16;
// Enhanced CT, MR, MR colour, PET, converted CT, MR and PET: many frames whose geometry is in nested sequences.
const ENHANCED = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(2\.1|2\.2|4\.1|4\.3|4\.4|128\.1|130)$/;

/** Tells what is odd but harmless about one file. */
export type Warn = (message: string) => void;

/**
 * Judges one DICOM file before a pixel is decoded; undefined when it holds no image (a report, a plan, a DICOMDIR).
 * Throws a `PreprocessError` of kind `data` whose code starts with `dicom-`; nothing in it comes from the file's text.
 */
export function judgeSlice(file: FileStart, refuse: Refuse, warn: Warn): Slice | undefined {
  const elements = readElements(file, refuse);
  const pixels = elements.found.get('pixels');
  if (pixels === undefined) return undefined;
  const values = new ElementValues(elements, refuse);
  refuseFrames(values, refuse);
  refuseIdentifying(values, refuse);
  if (elements.overlay) warn('graphics laid over its pixels (overlay planes) are dropped');
  if (values.text('lossy') === '01') warn('its pixels were compressed with loss once');
  refuseColour(values, refuse);
  const format = judgeFormat(values, refuse);
  const [rows, columns] = [values.uint16('rows'), values.uint16('columns')];
  if (rows < 1 || columns < 1)
    throw refuse('bad-header', `has ${rows} rows and ${columns} columns`, BROKEN_HEADER);
  judgePixelBytes(pixels.length, rows * columns * (format.bitsAllocated / 8), elements.syntax, refuse, warn);
  return {
    seriesInstance: values.text('seriesInstance'),
    modality: modalityOf(values),
    syntax: elements.syntax,
    rows,
    columns,
    format,
    ...judgeScaling(values, refuse),
    ...judgeGeometry(values, refuse),
    pixels: { offset: pixels.offset, length: pixels.length },
  };
}

function refuseFrames(values: ElementValues, refuse: Refuse): void {
  const [frames = 1] = values.numbers('frames', 1, 1);
  if (frames <= 1 && !ENHANCED.test(values.text('storageClass'))) return;
  const fault =
    'holds several frames (enhanced or multi-frame DICOM), whose geometry this reader does not know';
  throw refuse('multi-frame', fault, 'convert it to single-frame DICOM or to NIfTI, e.g. with dcm2niix');
}

function refuseIdentifying(values: ElementValues, refuse: Refuse): void {
  if (values.text('burnedIn').toUpperCase() !== 'YES') return;
  const fault = 'says that text is burned into its pixels, which may name the patient';
  throw refuse('burned-in', fault, 'leave such images out, or remove the text from the pixels first');
}

function refuseColour(values: ElementValues, refuse: Refuse): void {
  const photometric = values.text('photometric');
  if (values.uint16('samplesPerPixel', 1) !== 1 || !/^MONOCHROME[12]$/.test(photometric)) {
    throw refuse(
      'colour',
      'is a colour image, which has no single intensity',
      'give the grey images of the series',
    );
  }
  if (photometric === 'MONOCHROME2') return;
  const fault = 'is MONOCHROME1: readers disagree whether its values are inverted';
  throw refuse('unsupported', fault, 'write it again as MONOCHROME2 with a tool of its vendor');
}

function judgeFormat(values: ElementValues, refuse: Refuse): PixelFormat {
  const bitsAllocated = values.uint16('bitsAllocated');
  const bitsStored = values.uint16('bitsStored', bitsAllocated);
  const highBit = values.uint16('highBit', bitsStored - 1);
  const representation = values.uint16('pixelRepresentation', 0);
  const whole = bitsAllocated === 8 || bitsAllocated === 16 || bitsAllocated === 32;
  const inside = bitsStored >= 1 && highBit + 1 >= bitsStored && highBit < bitsAllocated;
  if (whole && inside && representation <= 1)
    return { bitsAllocated, bitsStored, highBit, signed: representation === 1 };
  const fault = `stores ${bitsStored} of ${bitsAllocated} bits up to bit ${highBit}, expected 8, 16 or 32 bits`;
  throw refuse('unsupported', fault, CONVERT);
}

function judgePixelBytes(
  present: number,
  expected: number,
  { compressed }: TransferSyntax,
  refuse: Refuse,
  warn: Warn,
): void {
  if (compressed) {
    if (present <= LARGEST_EXPANSION * expected + SMALL_BYTES) return;
    const fault = `has ${present} bytes of compressed pixels, which unpack to ${expected}`;
    throw refuse('too-large', fault, BROKEN_HEADER);
  }
  if (present < expected) {
    const fault = `is truncated: its rows and columns need ${expected} bytes of pixels, ${present} are there`;
    throw refuse('truncated', fault, 'copy or download the file again');
  }
  if (present > expected + (expected % 2))
    warn(`${present - expected} bytes after its last pixel are ignored`);
}

function judgeScaling(values: ElementValues, refuse: Refuse): { slope: number; intercept: number } {
  const [slope = 1] = values.numbers('slope', 1, 1);
  const [intercept = 0] = values.numbers('intercept', 1, 0);
  if (slope !== 0) return { slope, intercept };
  throw refuse('bad-header', 'its rescale slope is 0, which makes all pixels equal', BROKEN_HEADER);
}

type Geometry = Pick<Slice, 'position' | 'rowDirection' | 'columnDirection' | 'spacing' | 'thickness'>;

function judgeGeometry(values: ElementValues, refuse: Refuse): Geometry {
  const [px, py, pz] = values.numbers('position', 3) as [number, number, number];
  const [a, b, c, d, e, f] = values.numbers('orientation', 6) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [rowDirection, columnDirection]: [Vector3, Vector3] = [[a, b, c], [d, e, f]]; // biome-ignore format: a matrix
  if (!areOrthonormal(rowDirection, columnDirection, DIRECTION_TOLERANCE)) {
    throw refuse('bad-affine', 'its rows and columns are not at right angles', 'export the series again');
  }
  const [rows = 0, columns = 0] = values.numbers('pixelSpacing', 2);
  if (!(rows > 0 && columns > 0)) {
    throw refuse(
      'bad-affine',
      `its pixel spacing [${rows}, ${columns}] must be positive (mm)`,
      BROKEN_HEADER,
    );
  }
  return {
    position: [px, py, pz],
    rowDirection,
    columnDirection,
    spacing: [rows, columns],
    thickness: thicknessOf(values),
  };
}

/** What a lone slice is taken to measure: the distance between slices, else the thickness, else 1 mm. */
function thicknessOf(values: ElementValues): number {
  const [between = 0] = values.numbers('spacingBetweenSlices', 1, 0);
  const [thickness = 0] = values.numbers('sliceThickness', 1, 0);
  return [Math.abs(between), thickness].find((size) => size > 0) ?? 1;
}

// Free text in the wrong element must not reach an error: a modality is a few capitals.
function modalityOf(values: ElementValues): string {
  const modality = values.text('modality');
  return /^[A-Z]{2,8}$/.test(modality) ? modality : 'unknown';
}
