import { type NativeCalls, type NativeTensor, watchNative } from './kernels/watch-native.js';

/** Memory that one or more tensors share. */
interface Block {
  readonly bytes: number;
  holders: number;
}

/**
 * Counts the bytes that native tensors hold after each operation, tensors that share memory once. It sees only what is made while it
 * records. Scratch space inside an operation is not seen.
 */
export class MemoryLedger {
  readonly #blocks = new Map<number, Block>();
  readonly #shapes = new Map<number, readonly number[]>();
  #live = 0;
  #events: number[] = [];

  /**
   * Bytes held after each operation of `run`, which may be recorded in pieces: what one piece makes, the next may free.
   * @throws NetworkError `no-native-backend` on another backend
   */
  record(run: () => void): number[] {
    this.#events = [];
    watchNative((calls) => this.#watched(calls), run);
    return this.#events;
  }

  /** Operations in this recording so far, or in the last one. */
  get operations(): number {
    return this.#events.length;
  }

  #watched(calls: NativeCalls): NativeCalls {
    return {
      executeOp: (name, attributes, inputs, count) => {
        const outputs = calls.executeOp(name, attributes, inputs, count);
        this.#enter(name, inputs, outputs);
        this.#events.push(this.#live);
        return outputs;
      },
      createTensor: (shape, dtype, values) => {
        const id = calls.createTensor(shape, dtype, values);
        this.#add(id, shape);
        return id;
      },
      deleteTensor: (id) => {
        this.#release(id);
        calls.deleteTensor(id);
      },
    };
  }

  #enter(name: string, inputs: readonly number[], outputs: readonly NativeTensor[]): void {
    const [first, second] = inputs as [number, number];
    if (name === 'AssignVariableOp') this.#hold(first, second);
    else if (sharing.has(name) || (name === 'Slice' && this.#isOfWholeRows(first, outputs)))
      for (const { id } of outputs) this.#hold(id, first);
    else for (const { id, shape } of outputs) this.#add(id, name === 'VarHandleOp' ? [0] : shape);
    for (const { id, shape } of outputs) this.#shapes.set(id, shape);
  }

  /** Rows of the first axis are cut out without a copy. */
  #isOfWholeRows(input: number, [output]: readonly NativeTensor[]): boolean {
    const from = this.#shapes.get(input);
    return from !== undefined && String(from.slice(1)) === String(output?.shape.slice(1));
  }

  #add(id: number, shape: readonly number[]): void {
    const bytes = shape.reduce((product, side) => product * side, bytesOfElement);
    this.#blocks.set(id, { bytes, holders: 1 });
    this.#shapes.set(id, shape);
    this.#live += bytes;
  }

  /** `id` becomes another name of what `other` holds. */
  #hold(id: number, other: number): void {
    const block = this.#blocks.get(other);
    this.#release(id);
    if (block === undefined) return;
    block.holders += 1;
    this.#blocks.set(id, block);
  }

  #release(id: number): void {
    const block = this.#blocks.get(id);
    this.#blocks.delete(id);
    this.#shapes.delete(id);
    if (block === undefined) return;
    block.holders -= 1;
    if (block.holders === 0) this.#live -= block.bytes;
  }
}

/** Float32 and int32; booleans are smaller, and few. */
const bytesOfElement = 4;

/** Operations whose result is the memory of their first input. */
const sharing: ReadonlySet<string> = new Set([
  'Reshape',
  'Identity',
  'ExpandDims',
  'Squeeze',
  'ReadVariableOp',
]);
