import { BROKEN_HEADER, type Refuse } from '../attached/refuse.js';
import type { TransferSyntax } from './transfer-syntax.js';

/** Where the value of a data element lies. */
export interface Element {
  readonly tag: number;
  readonly offset: number;
  readonly length: number;
}

const UNDEFINED_LENGTH = 0xffff_ffff;
const ITEM = 0xfffe_e000;
const ITEM_END = 0xfffe_e00d;
const SEQUENCE_END = 0xfffe_e0dd;
const DELIMITER_GROUP = 0xfffe;
// Types whose length takes 32 bits (PS3.5 section 7.1.2); all others take 16.
const LONG_TYPES = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const DEEPEST = 32;
const MOST_ELEMENTS = 100_000;

/** The start of a file, and the bytes that the whole of it has. */
export interface FileStart {
  readonly bytes: Uint8Array;
  readonly size: number;
}

/**
 * Steps through the data elements of a DICOM file and never decodes a value. Throws `dicom-truncated`,
 * `dicom-bad-header`, and `dicom-too-large` when the elements go on beyond the start that it was given.
 */
export class ElementStream {
  private readonly view: DataView;
  private at: number;
  private steps = 0;

  constructor(
    private readonly file: FileStart,
    start: number,
    private syntax: Pick<TransferSyntax, 'explicit' | 'littleEndian'>,
    private readonly refuse: Refuse,
  ) {
    const { bytes } = file;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
  }

  /** Goes on in another syntax: that of the data set behind the file's own header. */
  changeSyntax(syntax: TransferSyntax): void {
    this.syntax = syntax;
  }

  /** The tag of the next element, undefined at the end of the file. */
  peekTag(): number | undefined {
    return this.at + 8 <= this.file.size ? this.tagAt(this.at) : undefined;
  }

  /**
   * The next element, its value stepped over; sequences of undefined length are searched for their end, but the one
   * whose tag is `last`, which is taken to fill the file.
   */
  next(last?: number, depth = 0): Element {
    this.countStep();
    const tag = this.tagAt(this.at);
    const { headerBytes, length, type } = this.lengthAt(tag);
    const offset = this.at + headerBytes;
    this.at = offset;
    if (length === UNDEFINED_LENGTH && tag === last) this.at = this.file.size;
    else if (length === UNDEFINED_LENGTH) this.skipSequence(type, depth + 1);
    else this.advance(length);
    return { tag, offset, length: this.at - offset };
  }

  /** Steps over a sequence of undefined length, such as the fragments of compressed pixels, to its end. */
  skipSequence(type = '', depth = 1): void {
    if (depth > DEEPEST)
      throw this.refuse('bad-header', `nests more than ${DEEPEST} sequences`, BROKEN_HEADER);
    const outer = this.syntax;
    // A sequence whose type got lost is implicit and little-endian (PS3.5 section 6.2.2, note 4).
    if (type === 'UN') this.syntax = { explicit: false, littleEndian: true };
    for (let tag = this.item(depth); tag !== SEQUENCE_END; ) tag = this.item(depth);
    this.syntax = outer;
  }

  /** Steps over one item, or over the end of the sequence, and returns its tag. */
  private item(depth: number): number {
    this.countStep();
    const tag = this.tagAt(this.at);
    if (tag !== ITEM && tag !== SEQUENCE_END) {
      throw this.refuse('bad-header', 'has a sequence without an end', BROKEN_HEADER);
    }
    const length = this.uint32(this.at + 4);
    this.at += 8;
    if (tag === SEQUENCE_END) return tag;
    if (length === UNDEFINED_LENGTH) this.skipItem(depth);
    else this.advance(length);
    return tag;
  }

  private skipItem(depth: number): void {
    while (this.tagAt(this.at) !== ITEM_END) this.next(undefined, depth);
    this.advance(8);
  }

  private lengthAt(tag: number): { headerBytes: number; length: number; type: string } {
    const delimiter = tag >>> 16 === DELIMITER_GROUP;
    if (!this.syntax.explicit || delimiter)
      return { headerBytes: 8, length: this.uint32(this.at + 4), type: '' };
    const type = String.fromCharCode(this.byte(this.at + 4), this.byte(this.at + 5));
    if (!/^[A-Z]{2}$/.test(type))
      throw this.refuse('bad-header', 'has an element without a type', BROKEN_HEADER);
    if (LONG_TYPES.has(type)) return { headerBytes: 12, length: this.uint32(this.at + 8), type };
    return { headerBytes: 8, length: this.uint16(this.at + 6), type };
  }

  private advance(length: number): void {
    this.at += length;
    if (this.at > this.file.size) throw this.truncated();
  }

  private tagAt(at: number): number {
    return this.uint16(at) * 0x1_0000 + this.uint16(at + 2);
  }

  private byte(at: number): number {
    return this.file.bytes[at] ?? 0;
  }

  private uint16(at: number): number {
    this.needBytes(at + 2);
    return this.view.getUint16(at, this.syntax.littleEndian);
  }

  private uint32(at: number): number {
    this.needBytes(at + 4);
    return this.view.getUint32(at, this.syntax.littleEndian);
  }

  private needBytes(end: number): void {
    const { bytes, size } = this.file;
    if (end <= bytes.length) return;
    throw bytes.length < size ? this.tooLarge(`${bytes.length} bytes`) : this.truncated();
  }

  private countStep(): void {
    this.steps += 1;
    if (this.steps > MOST_ELEMENTS) throw this.tooLarge(`${MOST_ELEMENTS} data elements`);
  }

  private tooLarge(limit: string): Error {
    const hint = 'strip its private elements, or raise limits.maxExtensionBytes';
    return this.refuse('too-large', `has more than ${limit} before its pixels`, hint);
  }

  private truncated(): Error {
    return this.refuse('truncated', 'ends within a data element', 'copy or download the file again');
  }
}
