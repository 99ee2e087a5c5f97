import { type AssignOptions, assignCheckpoint } from '../checkpoints/assign-checkpoint.js';
import { decodePyTorch, type PyTorchOptions } from '../checkpoints/pytorch/decode-pytorch.js';
import { decodeSafetensors } from '../checkpoints/safetensors.js';
import { type LeftOut, type StateTable, unmapState } from '../checkpoints/state-mapping.js';
import type { StoredTensor } from '../checkpoints/storage-types.js';
import { tensorsToSafetensors } from '../checkpoints/tensors.js';
import type { Module } from '../module.js';
import { atomicWrite, type WriteOptions, type Written } from './atomic-write.js';
import { inflate } from './inflate.js';
import { readWholeFile } from './read-whole-file.js';

export interface LoadCheckpointOptions extends AssignOptions, Pick<PyTorchOptions, 'within' | 'checksums'> {}

export interface SaveCheckpointOptions extends WriteOptions {
  /** Writes the names and layouts of another implementation, which it can then load. Default: our names. */
  readonly table?: StateTable;
  readonly metadata?: ReadonlyMap<string, string>;
}

/**
 * The tensors of a safetensors file or of a zip file of `torch.save`, told apart by their contents.
 * @throws NetworkError `read-failed`, `bad-safetensors`, `bad-pytorch-file`, `refused-global`, `no-state`
 */
export async function readCheckpoint(
  file: string | Uint8Array,
  options: Pick<PyTorchOptions, 'within' | 'checksums'> = {},
): Promise<Map<string, StoredTensor>> {
  const bytes = typeof file === 'string' ? await readWholeFile(file) : file;
  const source = typeof file === 'string' ? file : 'the checkpoint';
  if (isPyTorch(bytes)) return decodePyTorch(bytes, { ...options, source, inflate });
  return decodeSafetensors(bytes, { source }).tensors;
}

/**
 * Loads a checkpoint, safetensors or PyTorch's, into a network, and returns what was left out; that is nothing unless `partial`.
 * @throws NetworkError `state-mismatch` listing missing, extra and misshapen tensors by name; nothing is assigned then. And those of
 * `readCheckpoint`.
 */
export async function loadCheckpoint(
  network: Module,
  file: string | Uint8Array,
  options: LoadCheckpointOptions = {},
): Promise<LeftOut> {
  return assignCheckpoint(network, await readCheckpoint(file, options), options);
}

/**
 * Writes a network's tensors as safetensors, under our names or a published table's; the file is never half there.
 * @throws NetworkError `write-failed`, `state-mismatch` for a tensor that the table does not name
 */
export async function saveCheckpoint(
  network: Module,
  path: string,
  { table, metadata, ...options }: SaveCheckpointOptions = {},
): Promise<Written> {
  const published = table ? unmapState(network.state(), table) : undefined;
  try {
    const bytes = await tensorsToSafetensors(published ?? network.state(), metadata);
    return await atomicWrite(path, bytes, options);
  } finally {
    for (const tensor of published?.values() ?? []) tensor.dispose();
  }
}

/** A zip archive begins with PK, and a pickle of old with its protocol; a safetensors file with the small length of its header. */
function isPyTorch(bytes: Uint8Array): boolean {
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const isPickle = bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5 && bytes[2] !== 0;
  return isArchive || isPickle;
}
