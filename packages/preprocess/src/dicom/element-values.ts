import { BROKEN_HEADER, type Refuse } from '../attached/refuse.js';
import { type DicomElements, elementText } from './read-elements.js';
import type { TagName } from './tags.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Typed access to the elements of one file; throws `dicom-bad-header` for values that are not what they must be. */
export class ElementValues {
  constructor(
    private readonly elements: DicomElements,
    private readonly refuse: Refuse,
  ) {}

  /** True when the element is there and not empty. */
  has(name: TagName): boolean {
    return (this.elements.found.get(name)?.length ?? 0) > 0;
  }

  /** The value as text, '' when absent. */
  text(name: TagName): string {
    return elementText(this.elements.bytes, this.elements.found.get(name));
  }

  /** An unsigned 16-bit value (US). */
  uint16(name: TagName, fallback?: number): number {
    const element = this.elements.found.get(name);
    if (element === undefined || element.length === 0) return this.orFallback(name, fallback);
    if (element.length !== 2)
      throw this.refuse('bad-header', `its ${name} is no single number`, BROKEN_HEADER);
    const { buffer, byteOffset } = this.elements.bytes;
    return new DataView(buffer, byteOffset + element.offset, 2).getUint16(
      0,
      this.elements.syntax.littleEndian,
    );
  }

  /** Exactly `count` decimal numbers (DS, IS). */
  numbers(name: TagName, count: number, fallback?: number): number[] {
    if (!this.has(name)) return [this.orFallback(name, fallback)];
    const words = this.text(name)
      .split('\\')
      .map((word) => word.trim());
    const values = words.map((word) => (NUMBER.test(word) ? Number(word) : Number.NaN));
    if (values.length === count && values.every(Number.isFinite)) return values;
    throw this.refuse('bad-header', `its ${name} must be ${count} finite number(s)`, BROKEN_HEADER);
  }

  private orFallback(name: TagName, fallback: number | undefined): number {
    if (fallback !== undefined) return fallback;
    const hint =
      'export the series again with all its geometry, or convert it to NIfTI with a tool of its vendor';
    throw this.refuse('bad-header', `lacks its ${name}`, hint);
  }
}
