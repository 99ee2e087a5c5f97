/** What a slice that the tests write looks like; every field has a plain default. */
export interface TestSlice {
  readonly series?: string;
  readonly modality?: string;
  readonly rows?: number;
  readonly columns?: number;
  readonly position?: readonly number[];
  readonly orientation?: readonly number[];
  readonly spacing?: readonly number[];
  readonly bits?: readonly [allocated: number, stored: number, high: number];
  readonly signed?: boolean;
  readonly rescale?: readonly [slope: number, intercept: number];
  readonly syntax?: string;
  readonly pixels?: Uint8Array;
  /** More elements, or others in the place of those above: tag, type, value; an empty type leaves it out. */
  readonly elements?: readonly TestElement[];
}

/** A data element: tag, value representation, value. */
export type TestElement = readonly [tag: number, type: string, value: string | number | Uint8Array];

export const EXPLICIT = '1.2.840.10008.1.2.1';
export const IMPLICIT = '1.2.840.10008.1.2';
export const BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const RUN_LENGTHS = '1.2.840.10008.1.2.5';

/** What no result and no error may hold. */
export const PATIENT = 'Doe^Jane';

const CT_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const LONG_TYPES = ['OB', 'OW', 'SQ', 'UN', 'UT'];
const UNDEFINED_LENGTH = 0xffff_ffff;
const PIXELS = 0x7fe0_0010;

/** A DICOM file in memory, after PS3.5 and PS3.10: 3 columns, 2 rows of 16-bit values unless told otherwise. */
export function dicomFile(slice: TestSlice = {}): Uint8Array<ArrayBuffer> {
  const syntax = slice.syntax ?? EXPLICIT;
  const meta = fileHeader(syntax);
  const elements = new Map<number, TestElement>(plainElements(slice).map((entry) => [entry[0], entry]));
  for (const entry of slice.elements ?? []) elements.set(entry[0], entry);
  const body = [...elements.values()]
    .filter(([, type]) => type !== '')
    .sort(([a], [b]) => a - b)
    .map((entry) => element(entry, syntax));
  const magic = new Uint8Array(132);
  magic.set(new TextEncoder().encode('DICM'), 128);
  return joined([magic, meta, ...body]);
}

/** The bytes of 16-bit values, little-endian. */
export function words(values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (const [index, value] of values.entries()) view.setUint16(index * 2, value & 0xffff, true);
  return new Uint8Array(view.buffer);
}

/** Group 2 in full: GDCM reads no file without it. */
function fileHeader(syntax: string): Uint8Array {
  const elements: TestElement[] = [
    [0x0002_0001, 'OB', Uint8Array.of(0, 1)],
    [0x0002_0002, 'UI', CT_STORAGE],
    [0x0002_0003, 'UI', '1.2.3.4'],
    [0x0002_0010, 'UI', syntax],
    [0x0002_0012, 'UI', '1.2.3.5'],
  ];
  const rest = joined(elements.map((entry) => element(entry, EXPLICIT)));
  const length = new Uint8Array(Uint32Array.of(rest.length).buffer);
  return joined([element([0x0002_0000, 'UL', length], EXPLICIT), rest]);
}

function plainElements(slice: TestSlice): TestElement[] {
  const { rows = 2, columns = 3, bits = [16, 16, 15], position = [0, 0, 0] } = slice;
  const count = rows * columns;
  const pixels = slice.pixels ?? words(Array.from({ length: count }, (_, index) => index));
  const [slope, intercept] = slice.rescale ?? [1, 0];
  return [
    [0x0008_0016, 'UI', CT_STORAGE],
    [0x0008_0018, 'UI', '1.2.3.4'],
    [0x0008_0060, 'CS', slice.modality ?? 'CT'],
    [0x0010_0010, 'PN', PATIENT],
    [0x0020_000e, 'UI', slice.series ?? '1.2.3'],
    [0x0020_0032, 'DS', position.join('\\')],
    [0x0020_0037, 'DS', (slice.orientation ?? [1, 0, 0, 0, 1, 0]).join('\\')],
    [0x0028_0002, 'US', 1],
    [0x0028_0004, 'CS', 'MONOCHROME2'],
    [0x0028_0010, 'US', rows],
    [0x0028_0011, 'US', columns],
    [0x0028_0030, 'DS', (slice.spacing ?? [2, 1.5]).join('\\')],
    [0x0028_0100, 'US', bits[0]],
    [0x0028_0101, 'US', bits[1]],
    [0x0028_0102, 'US', bits[2]],
    [0x0028_0103, 'US', slice.signed === true ? 1 : 0],
    [0x0028_1052, 'DS', String(intercept)],
    [0x0028_1053, 'DS', String(slope)],
    [PIXELS, 'OW', pixels],
  ];
}

function element([tag, type, value]: TestElement, syntax: string): Uint8Array {
  const little = syntax !== BIG_ENDIAN;
  const content = valueBytes(value, little, type === 'UI' ? 0 : 0x20);
  const fragments = tag === PIXELS && syntax === RUN_LENGTHS;
  const length = fragments ? UNDEFINED_LENGTH : content.length;
  const header = elementHeader(tag, type, length, little, syntax === IMPLICIT);
  return joined(fragments ? [header, fragmentsOf(content)] : [header, content]);
}

function elementHeader(
  tag: number,
  type: string,
  length: number,
  little: boolean,
  implicit: boolean,
): Uint8Array {
  const long = !implicit && LONG_TYPES.includes(type);
  const header = new Uint8Array(long ? 12 : 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, Math.floor(tag / 0x1_0000), little);
  view.setUint16(2, tag & 0xffff, little);
  if (!implicit) header.set(new TextEncoder().encode(type), 4);
  if (implicit) view.setUint32(4, length, little);
  else if (long) view.setUint32(8, length, little);
  else view.setUint16(6, length, little);
  return header;
}

function valueBytes(value: string | number | Uint8Array, little: boolean, padding: number): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'number') {
    const bytes = new Uint8Array(2);
    new DataView(bytes.buffer).setUint16(0, value, little);
    return bytes;
  }
  const text = new TextEncoder().encode(value);
  return text.length % 2 === 0 ? text : joined([text, Uint8Array.of(padding)]);
}

/** One empty offset table, one fragment, and the end of the sequence (PS3.5 annex A.4). */
function fragmentsOf(frame: Uint8Array): Uint8Array {
  const item = (low: number, length: number): Uint8Array => {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint16(0, 0xfffe, true);
    view.setUint16(2, low, true);
    view.setUint32(4, length, true);
    return new Uint8Array(view.buffer);
  };
  return joined([item(0xe000, 0), item(0xe000, frame.length), frame, item(0xe0dd, 0)]);
}

/**
 * 16-bit values in run lengths (PS3.5 annex G): two segments, high bytes then low bytes, each made of literal runs only,
 * which any decoder must take.
 */
export function runLengths(values: readonly number[]): Uint8Array {
  const segments = [8, 0].map((shift) => literals(values.map((value) => (value >> shift) & 0xff)));
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, 2, true);
  header.setUint32(4, 64, true);
  header.setUint32(8, 64 + (segments[0]?.length ?? 0), true);
  return joined([new Uint8Array(header.buffer), ...segments]);
}

function literals(bytes: readonly number[]): Uint8Array {
  const runs: number[] = [];
  for (let start = 0; start < bytes.length; start += 128) {
    const run = bytes.slice(start, start + 128);
    runs.push(run.length - 1, ...run);
  }
  return Uint8Array.from(runs.length % 2 === 0 ? runs : [...runs, 0]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
