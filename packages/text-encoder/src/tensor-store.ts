import type { StoredTensor } from '@bipvl/nn';

/** Keeps tensors beyond a run, under a key that says all that they follow from. */
export interface TensorStore {
  /** The tensor of that key; undefined where there is none, or where it is damaged. */
  recall(key: string): Promise<StoredTensor | undefined>;
  keep(key: string, tensor: StoredTensor): Promise<void>;
}
