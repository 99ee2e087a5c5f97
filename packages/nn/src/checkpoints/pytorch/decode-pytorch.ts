import { NetworkError } from '../../errors.js';
import { quoted } from '../safetensors-header.js';
import type { StoredData, StoredTensor } from '../storage-types.js';
import { type ArchiveLimits, defaultArchiveLimits } from './archive-limits.js';
import { checkTensor, decodeStorage, gatherTensor } from './gather-tensor.js';
import { malformedArchive } from './malformed-archive.js';
import { runPickleProgram } from './pickle-program.js';
import { Dictionary, type PickleValue, type StorageReference, TensorReference } from './pickle-values.js';
import { type Inflate, ZipArchive } from './zip-archive.js';

export interface PyTorchOptions extends Partial<ArchiveLimits> {
  /** What errors call the data, such as its path. */
  readonly source?: string;
  /** Keys that lead to the state, outermost first: ['state_dict'], ['network_weights']. Default: the file is the state. */
  readonly within?: readonly string[];
  /** Whether the checksums of the archive must agree. Default true. */
  readonly checksums?: boolean;
  /** Unpacks deflated files, which `torch.save` does not write; `@bipvl/nn/node` gives one. */
  readonly inflate?: Inflate;
}

/**
 * Reads the tensors of a file that `torch.save` wrote (the zip format of PyTorch 1.6 and later) by their names. The program in it
 * is interpreted by an allow-list and executes nothing. The data are views into `bytes` where layout and alignment allow.
 * @throws NetworkError `bad-pytorch-file` for an unsound file, `refused-global` for one that asks for more than tensors,
 * `no-state` where `within` does not lead to a dictionary of tensors.
 */
export function decodePyTorch(bytes: Uint8Array, options: PyTorchOptions = {}): Map<string, StoredTensor> {
  const source = options.source ?? 'the data';
  // A plain array: the `slice` of Node's Buffer would not copy.
  const contents = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const limits = { ...defaultArchiveLimits, ...options };
  const archive = openArchive(contents, limits, options, source);
  const folder = findFolder(archive, source);
  checkByteOrder(archive, folder, source);
  const pickle = `${folder}/data.pkl`;
  if ((archive.sizeOf(pickle) ?? 0) > limits.maxPickleBytes)
    throw malformedArchive(source, `its pickle exceeds the limit maxPickleBytes = ${limits.maxPickleBytes}`);
  const root = runPickleProgram(archive.read(pickle), source);
  const state = stateWithin(root, options.within ?? [], source);
  const storages = new StorageReader(archive, folder, source);
  return gatherAll(state, storages, limits, limits.maxRatio * bytes.byteLength, source);
}

function openArchive(
  bytes: Uint8Array,
  limits: ArchiveLimits,
  { inflate, checksums = true }: PyTorchOptions,
  source: string,
): ZipArchive {
  if (bytes[0] === 0x80 || bytes[0] === 0x28)
    throw malformedArchive(
      source,
      'it is a pickle without an archive, as PyTorch wrote before 1.6',
      'load it with PyTorch and save it again with torch.save, or convert it to safetensors',
    );
  return new ZipArchive(bytes, { limits, source, inflate, checksums });
}

/** The one folder that all files lie in, named after the file once saved. */
function findFolder(archive: ZipArchive, source: string): string {
  const names = archive.names();
  const pickles = names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const folder = pickles[0]?.slice(0, -'/data.pkl'.length);
  if (folder === undefined || pickles.length > 1)
    throw malformedArchive(source, `it has ${pickles.length} files data.pkl, expected one in one folder`);
  if (names.includes(`${folder}/constants.pkl`))
    throw malformedArchive(
      source,
      'it is a TorchScript program',
      'save the state instead: torch.save(torch.jit.load(path).state_dict(), other)',
    );
  return folder;
}

function checkByteOrder(archive: ZipArchive, folder: string, source: string): void {
  const file = `${folder}/byteorder`;
  if (archive.sizeOf(file) === undefined) return;
  const order = new TextDecoder().decode(archive.read(file).subarray(0, 20));
  if (order !== 'little')
    throw malformedArchive(source, `its numbers are ${quoted(order)}-endian, expected little`);
}

function stateWithin(
  root: PickleValue,
  within: readonly string[],
  source: string,
): ReadonlyMap<string, TensorReference> {
  let found = root;
  for (const [depth, key] of within.entries()) {
    const next = found instanceof Dictionary ? found.entries.get(key) : undefined;
    if (next === undefined) throw noState(source, within.slice(0, depth + 1), found);
    found = next;
  }
  const entries = found instanceof Dictionary ? [...found.entries] : [];
  const isState = entries.every(
    ([key, value]) => typeof key === 'string' && value instanceof TensorReference,
  );
  if (entries.length === 0 || !isState) throw noState(source, within, found);
  return new Map(entries as [string, TensorReference][]);
}

/** Storages by key, each decoded once however many tensors share it. */
class StorageReader {
  readonly #archive: ZipArchive;
  readonly #folder: string;
  readonly #source: string;
  readonly #decoded = new Map<string, { readonly storage: StorageReference; readonly data: StoredData }>();

  constructor(archive: ZipArchive, folder: string, source: string) {
    this.#archive = archive;
    this.#folder = folder;
    this.#source = source;
  }

  read(storage: StorageReference): StoredData {
    const known = this.#decoded.get(storage.key);
    if (known) {
      if (known.storage.type === storage.type && known.storage.length === storage.length) return known.data;
      throw malformedArchive(this.#source, `storage ${quoted(storage.key)} is described in two ways`);
    }
    const data = this.#decode(storage);
    this.#decoded.set(storage.key, { storage, data });
    return data;
  }

  #decode(storage: StorageReference): StoredData {
    const bytes = this.#archive.read(`${this.#folder}/data/${storage.key}`);
    const needed = storage.length * storage.type.bytes;
    if (bytes.byteLength !== needed)
      throw malformedArchive(
        this.#source,
        `storage ${quoted(storage.key)} has ${bytes.byteLength} bytes, expected ${needed}`,
      );
    if (storage.type.stored === 'BOOL' && bytes.some((byte) => byte > 1))
      throw malformedArchive(
        this.#source,
        `storage ${quoted(storage.key)} is boolean and holds bytes other than 0 and 1`,
      );
    return decodeStorage(bytes, storage);
  }
}

function gatherAll(
  state: ReadonlyMap<string, TensorReference>,
  storages: StorageReader,
  limits: ArchiveLimits,
  maxBytes: number,
  source: string,
): Map<string, StoredTensor> {
  const sizes = new Map<string, number>();
  let total = 0;
  for (const [name, tensor] of state) {
    const size = checkTensor(name, tensor, limits, source);
    total += size * tensor.storage.type.bytes;
    if (total > maxBytes)
      throw malformedArchive(
        source,
        `its tensors are larger than the limit maxRatio = ${limits.maxRatio} allows`,
      );
    sizes.set(name, size);
  }
  return new Map(
    [...state].map(([name, tensor]) => [
      name,
      gatherTensor(tensor, storages.read(tensor.storage), sizes.get(name) ?? 0),
    ]),
  );
}

function noState(source: string, within: readonly string[], found: PickleValue): NetworkError {
  const place =
    within.length === 0 ? 'its outermost object' : `what ${within.map(quoted).join(', ')} leads to`;
  const keys = found instanceof Dictionary ? [...found.entries.keys()].slice(0, 12) : [];
  const seen = keys.map((key) => quoted(String(key))).join(', ') || 'none';
  return new NetworkError(
    'no-state',
    `${source}: ${place} is not a dictionary of tensors; the keys there: ${seen}`,
    {
      kind: 'data',
      hint: "say where the state lies: within: ['state_dict'], ['network_weights'] or ['model']",
    },
  );
}
