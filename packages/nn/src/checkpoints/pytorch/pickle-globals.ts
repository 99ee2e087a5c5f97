import { NetworkError } from '../../errors.js';
import { quoted } from '../safetensors-header.js';
import { elementTypes } from './element-types.js';
import { malformedArchive } from './malformed-archive.js';
import {
  Dictionary,
  Global,
  Inert,
  type PickleValue,
  StorageReference,
  TensorReference,
  Tuple,
} from './pickle-values.js';

type Call = (args: readonly PickleValue[], source: string) => PickleValue;

/** What a call of each allowed name yields. A name that is not here is refused. */
const callables: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['collections OrderedDict', emptyDictionary],
  ['torch._utils _rebuild_tensor_v2', rebuildTensor],
  ['torch._utils _rebuild_parameter', rebuildParameter],
  ...[
    'torch Size',
    'torch device',
    '__builtin__ set',
    'builtins set',
    'numpy dtype',
    'numpy.core.multiarray scalar',
    'numpy._core.multiarray scalar',
    'numpy.core.multiarray _reconstruct',
    'numpy._core.multiarray _reconstruct',
    '_codecs encode',
  ].map((name) => [name, () => new Inert(name)] as const),
]);

const constants = /^(?:numpy ndarray|torch (?:bool|bfloat16|u?int(?:8|16|32|64)|float(?:16|32|64)))$/;

/**
 * A name that the program may mention. Mentioning is all it can do: nothing is imported.
 * @throws NetworkError `refused-global` with the name
 */
export function allowedGlobal(module: string, name: string, source: string): PickleValue {
  const full = `${module} ${name}`;
  if (constants.test(full)) return new Inert(full);
  if (callables.has(full) || elementTypes.has(full)) return new Global(full);
  throw new NetworkError(
    'refused-global',
    `${source} asks for ${quoted(`${module}.${name}`)}, which is not among what a checkpoint may hold`,
    {
      kind: 'data',
      hint: 'save only the tensors, torch.save(network.state_dict(), path), or convert them to safetensors',
    },
  );
}

/** What stands for the result of a call. @throws NetworkError `bad-pytorch-file` */
export function callGlobal(
  called: PickleValue | undefined,
  args: PickleValue | undefined,
  source: string,
): PickleValue {
  const call = called instanceof Global ? callables.get(called.name) : undefined;
  if (call === undefined || !(args instanceof Tuple))
    throw malformedArchive(source, 'its pickle calls something that is no function');
  return call(args.items, source);
}

/** The storage that a persistent identifier names: ('storage', class, key, location, length). */
export function resolveStorage(identifier: PickleValue | undefined, source: string): StorageReference {
  const [kind, storageClass, key, , length] = identifier instanceof Tuple ? identifier.items : [];
  const type = storageClass instanceof Global ? elementTypes.get(storageClass.name) : undefined;
  if (kind !== 'storage' || type === undefined || typeof key !== 'string' || !isCount(length))
    throw malformedArchive(source, 'its pickle refers to a storage in a way we do not know');
  return new StorageReference(key, type, length);
}

function emptyDictionary(args: readonly PickleValue[], source: string): Dictionary {
  if (args.length > 0) throw malformedArchive(source, 'its pickle gives arguments to OrderedDict');
  return new Dictionary();
}

function rebuildTensor(args: readonly PickleValue[], source: string): TensorReference {
  const [storage, offset, shape, strides] = args;
  const sides = countsOf(shape);
  const steps = countsOf(strides);
  const isSound = storage instanceof StorageReference && isCount(offset) && sides?.length === steps?.length;
  if (!isSound || sides === undefined || steps === undefined)
    throw malformedArchive(source, 'its pickle describes a tensor in a way we do not know');
  return new TensorReference(storage, offset, sides, steps);
}

function rebuildParameter([tensor]: readonly PickleValue[], source: string): TensorReference {
  if (tensor instanceof TensorReference) return tensor;
  throw malformedArchive(source, 'its pickle makes a parameter of something that is no tensor');
}

function countsOf(value: PickleValue | undefined): readonly number[] | undefined {
  return value instanceof Tuple && value.items.every(isCount) ? value.items : undefined;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
