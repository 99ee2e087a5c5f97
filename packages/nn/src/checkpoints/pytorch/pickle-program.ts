import { malformedArchive } from './malformed-archive.js';
import { allowedGlobal, callGlobal, resolveStorage } from './pickle-globals.js';
import { Dictionary, Inert, type PickleValue, Tuple } from './pickle-values.js';

/**
 * Interprets a pickle program (protocols 2 to 5, Python's pickletools) of the operations that `torch.save` writes. It builds
 * descriptions out of a short list of names and executes nothing; any other operation or name is refused.
 * @throws NetworkError `bad-pytorch-file`, `refused-global`
 */
export function runPickleProgram(bytes: Uint8Array, source: string): PickleValue {
  return new PickleProgram(bytes, source).run();
}

class PickleProgram {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #source: string;
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at the marks that are open. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #position = 0;

  constructor(bytes: Uint8Array, source: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#source = source;
  }

  run(): PickleValue {
    const stop = 0x2e;
    for (let code = this.#byte(); code !== stop; code = this.#byte()) {
      const operation = this.#operations.get(code);
      if (operation === undefined)
        throw this.#malformed(
          `has the operation 0x${code.toString(16).padStart(2, '0')}, which is not allowed`,
        );
      operation();
    }
    if (this.#stack.length !== 1 || this.#marks.length > 0)
      throw this.#malformed('does not end in one value');
    return this.#pop();
  }

  /** By the codes of pickletools, whose names stand beside them. */
  readonly #operations: ReadonlyMap<number, () => void> = new Map<number, () => void>([
    [0x80, () => this.#protocol()], // PROTO
    [0x95, () => this.#skip(8)], // FRAME
    [0x28, () => void this.#marks.push(this.#stack.length)], // MARK
    [0x30, () => void this.#pop()], // POP
    [0x31, () => void this.#popToMark()], // POP_MARK
    [0x4e, () => this.#push(null)], // NONE
    [0x88, () => this.#push(true)], // NEWTRUE
    [0x89, () => this.#push(false)], // NEWFALSE
    [0x4b, () => this.#push(this.#byte())], // BININT1
    [0x4d, () => this.#push(this.#unsigned16())], // BININT2
    [0x4a, () => this.#push(this.#signed32())], // BININT
    [0x8a, () => this.#push(this.#longInteger())], // LONG1
    [0x47, () => this.#push(this.#float())], // BINFLOAT
    [0x8c, () => this.#push(this.#text(this.#byte()))], // SHORT_BINUNICODE
    [0x58, () => this.#push(this.#text(this.#unsigned32()))], // BINUNICODE
    [0x43, () => this.#push(this.#slice(this.#byte()))], // SHORT_BINBYTES
    [0x42, () => this.#push(this.#slice(this.#unsigned32()))], // BINBYTES
    [0x5d, () => this.#push([])], // EMPTY_LIST
    [0x61, () => this.#append([this.#pop()])], // APPEND
    [0x65, () => this.#append(this.#popToMark())], // APPENDS
    [0x29, () => this.#push(new Tuple([]))], // EMPTY_TUPLE
    [0x85, () => this.#pushTuple(1)], // TUPLE1
    [0x86, () => this.#pushTuple(2)], // TUPLE2
    [0x87, () => this.#pushTuple(3)], // TUPLE3
    [0x74, () => this.#push(new Tuple(this.#popToMark()))], // TUPLE
    [0x7d, () => this.#push(new Dictionary())], // EMPTY_DICT
    [0x73, () => this.#setItems([this.#pop(), this.#pop()].reverse())], // SETITEM
    [0x75, () => this.#setItems(this.#popToMark())], // SETITEMS
    [0x8f, () => this.#push(new Inert('set'))], // EMPTY_SET
    [0x90, () => this.#addToSet()], // ADDITEMS
    [0x71, () => this.#remember(this.#byte())], // BINPUT
    [0x72, () => this.#remember(this.#unsigned32())], // LONG_BINPUT
    [0x94, () => this.#remember(this.#memo.size)], // MEMOIZE
    [0x68, () => this.#recall(this.#byte())], // BINGET
    [0x6a, () => this.#recall(this.#unsigned32())], // LONG_BINGET
    [0x63, () => this.#push(allowedGlobal(this.#line(), this.#line(), this.#source))], // GLOBAL
    [0x93, () => this.#stackGlobal()], // STACK_GLOBAL
    [0x52, () => this.#reduce()], // REDUCE
    [0x62, () => this.#build()], // BUILD
    [0x51, () => this.#push(resolveStorage(this.#pop(), this.#source))], // BINPERSID
  ]);

  #protocol(): void {
    const version = this.#byte();
    if (this.#position !== 2 || version < 2 || version > 5)
      throw this.#malformed(`claims protocol ${version} at byte ${this.#position - 2}`);
  }

  #append(values: readonly PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#malformed('appends to something that is no list');
    for (const value of values) list.push(value);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dictionary = this.#top();
    if (!(dictionary instanceof Dictionary) || items.length % 2 !== 0)
      throw this.#malformed('sets items of something that is no dictionary');
    for (let index = 0; index < items.length; index += 2)
      dictionary.entries.set(this.#key(items[index] as PickleValue), items[index + 1] as PickleValue);
  }

  #key(value: PickleValue): PickleValue {
    if (value === null || typeof value !== 'object') return value;
    throw this.#malformed('has a key that is neither text nor number');
  }

  #addToSet(): void {
    this.#popToMark();
    if (!(this.#top() instanceof Inert)) throw this.#malformed('adds to something that is no set');
  }

  #stackGlobal(): void {
    const [name, module] = [this.#pop(), this.#pop()];
    if (typeof name !== 'string' || typeof module !== 'string')
      throw this.#malformed('names a global by something that is no text');
    this.#push(allowedGlobal(module, name, this.#source));
  }

  #reduce(): void {
    const [args, called] = [this.#pop(), this.#pop()];
    this.#push(callGlobal(called, args, this.#source));
  }

  /** Attributes of an object (the versions in a state's `_metadata`) are dropped. */
  #build(): void {
    this.#pop();
    const built = this.#top();
    if (!(built instanceof Dictionary || built instanceof Inert))
      throw this.#malformed('gives attributes to something that has none');
  }

  #remember(index: number): void {
    this.#memo.set(index, this.#top());
  }

  #recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#malformed(`recalls ${index}, which it has not remembered`);
    this.#push(value);
  }

  #pushTuple(length: number): void {
    const items = Array.from({ length }, () => this.#pop());
    this.#push(new Tuple(items.reverse()));
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #pop(): PickleValue {
    this.#top();
    return this.#stack.pop() as PickleValue;
  }

  /** Values below an open mark are out of reach. */
  #top(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw this.#malformed('takes from an empty stack');
    return this.#stack.at(-1) as PickleValue;
  }

  #popToMark(): PickleValue[] {
    const height = this.#marks.pop();
    if (height === undefined) throw this.#malformed('looks for a mark where there is none');
    return this.#stack.splice(height);
  }

  #byte(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  #unsigned16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  #unsigned32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  #signed32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  #float(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  /** A two's complement of up to 8 bytes; longer ones have no place in a checkpoint. */
  #longInteger(): number | bigint {
    const length = this.#byte();
    if (length > 8) throw this.#malformed(`has an integer of ${length} bytes`);
    const bytes = this.#slice(length);
    const bits = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    const value = BigInt.asIntN(8 * length, bits);
    return BigInt(Number.MIN_SAFE_INTEGER) <= value && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : value;
  }

  #text(length: number): string {
    const bytes = this.#slice(length);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw this.#malformed('has a text that is not UTF-8');
    }
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw this.#malformed('ends within a name');
    const text = this.#text(end - this.#position);
    this.#skip(1);
    return text;
  }

  #slice(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Where these bytes begin. */
  #skip(length: number): number {
    const start = this.#position;
    if (start + length > this.#bytes.length) throw this.#malformed('ends too early');
    this.#position = start + length;
    return start;
  }

  #malformed(what: string): Error {
    return malformedArchive(this.#source, `its pickle ${what}`);
  }
}
