import type { ElementType } from './element-types.js';

/** What a pickle program builds here: plain data and descriptions, never an object with behaviour. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Tuple
  | Dictionary
  | Global
  | StorageReference
  | TensorReference
  | Inert;

/** Python's dict and OrderedDict. */
export class Dictionary {
  readonly entries: Map<PickleValue, PickleValue> = new Map<PickleValue, PickleValue>();
}

/** Python's tuple. */
export class Tuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** The name of a class or function, `module name`; nothing is ever looked up by it but our own table. */
export class Global {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** The numbers in the archive's file `data/<key>`. */
export class StorageReference {
  readonly key: string;
  readonly type: ElementType;
  /** Numbers, not bytes. */
  readonly length: number;

  constructor(key: string, type: ElementType, length: number) {
    this.key = key;
    this.type = type;
    this.length = length;
  }
}

/** A view of a storage: element [i, j, ...] lies at offset + i strides[0] + j strides[1] + ... */
export class TensorReference {
  readonly storage: StorageReference;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    storage: StorageReference,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** Something known to be harmless that no tensor needs: a torch.device, a NumPy number of a training log. It is read past. */
export class Inert {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}
