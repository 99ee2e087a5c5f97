import type { Refuse } from '../attached/refuse.js';
import { type Element, ElementStream, type FileStart } from './element-stream.js';
import { TAGS, type TagName } from './tags.js';
import { type TransferSyntax, transferSyntaxOf } from './transfer-syntax.js';

const PREAMBLE_BYTES = 128;
const MAGIC = [0x44, 0x49, 0x43, 0x4d];
// Six decimal numbers, the longest text that is read, have 101 bytes.
const LONGEST_TEXT = 256;
const FILE_GROUP = 0x0002;
const FILE_HEADER = { explicit: true, littleEndian: true } as const;
const WANTED = new Map<number, TagName>(Object.entries(TAGS).map(([name, tag]) => [tag, name as TagName]));

/** The elements of one file that may be read. */
export interface DicomElements {
  /** The start of the file, up to its pixels at least. */
  readonly bytes: Uint8Array;
  readonly syntax: TransferSyntax;
  readonly found: ReadonlyMap<TagName, Element>;
  /** True when the file draws graphics over its pixels (groups 60xx). */
  readonly overlay: boolean;
}

/** Bytes from the start that tell whether a file is DICOM. */
export const DICOM_MAGIC_BYTES: number = PREAMBLE_BYTES + MAGIC.length;

/** True when `bytes` have the magic of a DICOM file after its preamble. */
export function isDicom(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[PREAMBLE_BYTES + index] === byte);
}

/**
 * Finds the elements of the allow-list, up to the pixels; what follows them is not looked at. Throws `dicom-not-dicom`,
 * `dicom-unsupported` for other transfer syntaxes, `dicom-truncated` and `dicom-bad-header`.
 */
export function readElements(file: FileStart, refuse: Refuse): DicomElements {
  const { bytes } = file;
  if (!isDicom(bytes)) {
    throw refuse(
      'not-dicom',
      'is no DICOM file: "DICM" is missing',
      'give a DICOM file with its file header',
    );
  }
  const stream = new ElementStream(file, DICOM_MAGIC_BYTES, FILE_HEADER, refuse);
  const found = new Map<TagName, Element>();
  while ((stream.peekTag() ?? 0) >>> 16 === FILE_GROUP) keep(stream.next(), found);
  const syntax = judgeSyntax(bytes, found.get('transferSyntax'), refuse);
  stream.changeSyntax(syntax);
  let overlay = false;
  while (stream.peekTag() !== undefined && !found.has('pixels')) {
    const element = stream.next(TAGS.pixels);
    overlay ||= isOverlay(element.tag);
    keep(element, found);
  }
  return { bytes, syntax, found, overlay };
}

/** The text of an element without padding, ASCII, cut off at 256 bytes; empty when it is absent. */
export function elementText(bytes: Uint8Array, element: Element | undefined): string {
  if (element === undefined) return '';
  const value = bytes.subarray(element.offset, element.offset + Math.min(element.length, LONGEST_TEXT));
  return new TextDecoder('latin1')
    .decode(value)
    .replace(/[\s\0]+$/, '')
    .trimStart();
}

function keep(element: Element, found: Map<TagName, Element>): void {
  const name = WANTED.get(element.tag);
  if (name !== undefined && !found.has(name)) found.set(name, element);
}

function judgeSyntax(bytes: Uint8Array, element: Element | undefined, refuse: Refuse): TransferSyntax {
  const syntax = transferSyntaxOf(elementText(bytes, element));
  if (syntax !== undefined) return syntax;
  const hint = 'write it again in explicit little endian, e.g. dcmconv +te (DCMTK) or gdcmconv --raw';
  throw refuse('unsupported', 'its transfer syntax is not read', hint);
}

function isOverlay(tag: number): boolean {
  return tag >>> 24 === 0x60 && (tag & 0xffff) === 0x3000;
}
