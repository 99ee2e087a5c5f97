import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { NetworkError } from '../../errors.js';
import { inflate } from '../../node/inflate.js';
import { RandomStream } from '../../random-stream.js';
import {
  type BuiltEnd,
  type BuiltEntry,
  buildCheckpoint,
  buildZip,
  dictionary,
  int32,
  integer,
  type ProgramPart,
  program,
  storage,
  tensor,
  text,
  tuple,
  unicode,
} from './__fixtures__/archive-builder.js';
import { decodePyTorch } from './decode-pytorch.js';

const sound = dictionary(tensor(storage(), integer(0), [2], [1]));
const entries: readonly BuiltEntry[] = [
  { name: 'archive/data.pkl', contents: sound },
  { name: 'archive/byteorder', contents: text('little') },
  { name: 'archive/data/0', contents: new Uint8Array(8) },
];

/** The sound archive with one entry changed or added. */
function zipWith(change: Partial<BuiltEntry>, end: BuiltEnd = {}): Uint8Array {
  return buildZip([...entries.slice(0, 2), { ...entries[2], name: 'archive/data/0', ...change }], end);
}

function zipAnd(extra: BuiltEntry): Uint8Array {
  return buildZip([...entries, extra]);
}

/** A checkpoint whose pickle is these operations after the protocol. */
function pickle(...parts: ProgramPart[]): Uint8Array {
  return buildCheckpoint(program(0x80, 2, ...parts));
}

const attacksOnArchive: readonly [string, Uint8Array, RegExp][] = [
  ['nothing', new Uint8Array(0), /no end record/],
  ['one byte', Uint8Array.of(0x50), /no end record/],
  ['21 bytes', new Uint8Array(21), /no end record/],
  ['22 zeros', new Uint8Array(22), /no end record/],
  ['text', text('this is no archive, only a text of some length'), /no end record/],
  ['a pickle', program(0x80, 2, '}', '.'), /before 1\.6/],
  ['a pickle of protocol 0', program('(dp0\n.'), /before 1\.6/],
  ['a safetensors file', program([...int32(8), ...int32(0)], '{}      '.padEnd(40)), /no end record/],
  ['an empty archive', buildZip([]), /0 files data\.pkl/],
  ['an archive cut short', buildZip(entries).subarray(0, -1), /no end record/],
  [
    'an archive without its first byte',
    buildZip(entries).subarray(1),
    /not where the directory says|directory/,
  ],
  ['bytes after the end', buildZip(entries, { after: Uint8Array.of(1) }), /no end record/],
  ['a count of 0', buildZip(entries, { count: 0 }), /longer than its files need/],
  ['a count too low', buildZip(entries, { count: 2 }), /longer than its files need/],
  ['a count too high', buildZip(entries, { count: 4 }), /shorter than its count/],
  ['65535 files', buildZip(entries, { count: 0xffff }), /shorter than its count/],
  ['a directory beyond the file', buildZip(entries, { start: 0x7fffffff }), /does not fit/],
  ['a directory of 4 GB', buildZip(entries, { size: 0xffffffff }), /does not fit/],
  ['a directory somewhere else', buildZip(entries, { start: 3 }), /shorter than its count/],
  ['a directory too short', buildZip(entries, { size: 60 }), /reaches beyond it|shorter/],
  ['a second disk', buildZip(entries, { disk: 1 }), /several disks/],
  ['a file on a second disk', zipWith({ disk: 1 }), /several disks/],
  ['a zip64 locator to nowhere', withLocator(buildZip(entries), 0xffffffffn), /zip64 end record/],
  ['a zip64 locator of 2^63', withLocator(buildZip(entries), 2n ** 63n), /size or place of/],
  ['a zip64 locator to the first file', withLocator(buildZip(entries), 0n), /zip64 end record/],
  ['an absolute name', zipAnd({ name: '/etc/passwd' }), /name "\/etc\/passwd" is not allowed/],
  ['a name that goes up', zipAnd({ name: '../x' }), /is not allowed/],
  ['a name that goes up within', zipAnd({ name: 'archive/../../x' }), /is not allowed/],
  ['a name that ends in dots', zipAnd({ name: 'archive/..' }), /is not allowed/],
  ['a single dot', zipAnd({ name: './x' }), /is not allowed/],
  ['a backslash', zipAnd({ name: 'archive\\..\\x' }), /is not allowed/],
  ['a drive', zipAnd({ name: 'C:x' }), /is not allowed/],
  ['a home folder', zipAnd({ name: '~/x' }), /is not allowed/],
  ['an empty name', zipAnd({ name: '' }), /is not allowed/],
  ['a NUL', zipAnd({ name: 'archive/a\0b' }), /is not allowed/],
  ['a line break', zipAnd({ name: 'archive/a\nb' }), /is not allowed/],
  ['a folder', zipAnd({ name: 'archive/' }), /is not allowed/],
  ['two slashes', zipAnd({ name: 'archive//x' }), /is not allowed/],
  ['a name that is not UTF-8', zipAnd({ name: 'x', nameBytes: Uint8Array.of(0xff, 0xfe) }), /not UTF-8/],
  ['an overlong dot', zipAnd({ name: 'x', nameBytes: Uint8Array.of(0xc0, 0xae) }), /not UTF-8/],
  ['a symbolic link', zipWith({ attributes: 0xa1ff0000 }), /link or another special file/],
  ['a device', zipWith({ attributes: 0x21ff0000 }), /special file/],
  ['a folder by its attributes', zipWith({ attributes: 0x41ff0000 }), /special file/],
  ['an encrypted file', zipWith({ flags: 1 }), /encrypted/],
  ['a strongly encrypted file', zipWith({ flags: 0x40 }), /encrypted/],
  ['a masked directory', zipWith({ flags: 0x2000 }), /encrypted/],
  ['bzip2', zipWith({ method: 12 }), /method 12/],
  ['a method that does not exist', zipWith({ method: 0xfffe }), /method 65534/],
  [
    'a file twice',
    zipAnd({ name: 'archive/data/0', contents: new Uint8Array(8) }),
    /"archive\/data\/0" twice/,
  ],
  ['two pickles', zipAnd({ name: 'other/data.pkl', contents: sound }), /2 files data\.pkl/],
  ['a pickle without a folder', buildZip([{ name: 'data.pkl', contents: sound }]), /0 files data\.pkl/],
  ['a pickle too deep', buildZip([{ name: 'a/b/data.pkl', contents: sound }]), /0 files data\.pkl/],
  ['a TorchScript program', zipAnd({ name: 'archive/constants.pkl' }), /TorchScript/],
  ['another name at the file', zipWith({ localName: 'archive/data/1' }), /disagree/],
  ['another method at the file', zipWith({ localMethod: 8 }), /disagree/],
  ['a file that is not there', zipWith({ offset: 0x7ffffff0 }), /not where the directory says/],
  ['a file inside another', zipWith({ offset: 5 }), /overlaps/],
  ['a file where another is', zipWith({ offset: 0 }), /overlaps/],
  ['a file larger than it is', zipWith({ bytes: 80, packedBytes: 80 }), /reaches into the directory/],
  ['stored in other bytes than it has', zipWith({ bytes: 800 }), /its two sizes differ/],
  [
    'a size of 4 GB without its zip64 field',
    zipWith({ bytes: 0xffffffff, packedBytes: 0xffffffff }),
    /lacks a size/,
  ],
  [
    'a zip64 field too short',
    zipWith({ bytes: 0xffffffff, extra: Uint8Array.of(1, 0, 4, 0, 1, 2, 3, 4) }),
    /lacks a size/,
  ],
  [
    'a zip64 size of 2^64',
    zipWith({ bytes: 0xffffffff, extra: Uint8Array.of(1, 0, 8, 0, ...Array<number>(8).fill(255)) }),
    /size or place of/,
  ],
  ['an extra field that does not end', zipWith({ extra: Uint8Array.of(9, 0, 200, 0, 1) }), /extra field/],
  [
    'a zip64 size of 1 TB',
    zipWith({
      bytes: 0xffffffff,
      packedBytes: 4,
      extra: Uint8Array.of(1, 0, 8, 0, 0, 0, 0, 0, 0, 1, 0, 0),
      isDeflated: true,
    }),
    /maxEntryBytes/,
  ],
  ['a checksum that does not agree', zipWith({ checksum: 1 }), /checksum of "archive\/data\/0"/],
  [
    'a bomb',
    buildZip([...entries, { name: 'archive/b', contents: new Uint8Array(1e7), isDeflated: true }]),
    /maxRatio = 100/,
  ],
  [
    'deflated data that are none',
    zipWith({ method: 8, localMethod: 8, contents: Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255) }),
    /does not unpack/,
  ],
  ['deflated data cut short', zipWith({ isDeflated: true, packedBytes: 2 }), /does not unpack/],
  [
    'deflated data that grow beyond their size',
    zipWith({ isDeflated: true, contents: new Uint8Array(4000), bytes: 8 }),
    /does not unpack/,
  ],
  ['deflated data smaller than their size', zipWith({ isDeflated: true, bytes: 9 }), /does not unpack/],
  [
    'numbers of the other endian',
    buildZip([entries[0] as BuiltEntry, { name: 'archive/byteorder', contents: text('big') }]),
    /"big"-endian/,
  ],
  ['no storage', buildZip(entries.slice(0, 2)), /no file "archive\/data\/0"/],
  ['a storage too small', zipWith({ contents: new Uint8Array(4) }), /has 4 bytes, expected 8/],
  ['a storage too large', zipWith({ contents: new Uint8Array(12) }), /has 12 bytes, expected 8/],
];

/** A locator of a zip64 end record that is not there, before the end record. */
function withLocator(zip: Uint8Array, place: bigint): Uint8Array {
  const locator = new DataView(new ArrayBuffer(20));
  locator.setUint32(0, 0x07064b50, true);
  locator.setBigUint64(8, place, true);
  return Uint8Array.from([...zip.slice(0, -22), ...new Uint8Array(locator.buffer), ...zip.slice(-22)]);
}

const call = (module: string, name: string): readonly number[] => [
  ...program(`c${module}\n${name}\n`, '(', unicode('echo hello'), 't', 'R'),
];
const state = (value: readonly number[]): Uint8Array => buildCheckpoint(dictionary(value));
const view = (offset: number, shape: readonly number[], strides: readonly number[]): Uint8Array =>
  state(tensor(storage(), integer(offset), shape, strides));

const refusedGlobals: readonly [string, string][] = [
  ['posix', 'system'],
  ['os', 'system'],
  ['nt', 'system'],
  ['subprocess', 'Popen'],
  ['builtins', 'eval'],
  ['__builtin__', 'exec'],
  ['builtins', 'getattr'],
  ['builtins', 'setattr'],
  ['operator', 'attrgetter'],
  ['importlib', 'import_module'],
  ['runpy', '_run_code'],
  ['pickle', 'loads'],
  ['torch', 'load'],
  ['torch.hub', 'load'],
  ['torch._utils', '_rebuild_tensor_v2 '],
  ['torch._utils', 'import_module'],
  ['torch.serialization', '_get_restore_location'],
  ['torch.jit', 'load'],
  ['numpy', 'load'],
  ['numpy.testing._private.utils', 'runstring'],
  ['collections', 'namedtuple'],
  ['constructor', 'constructor'],
  ['__proto__', 'toString'],
  ['', ''],
  ['torch', 'QInt8Storage'],
  ['torch', 'ComplexDoubleStorage'],
  ['torch.nn.modules.conv', 'Conv3d'],
  ['argparse', 'Namespace'],
];

const attacksOnPickle: readonly [string, Uint8Array, RegExp][] = [
  ...refusedGlobals.map(([module, name]): [string, Uint8Array, RegExp] => [
    `${module}.${name}`,
    pickle(call(module, name), '.'),
    /asks for ".*", which is not among/,
  ]),
  ['a global from the stack', pickle(unicode('os'), unicode('system'), 0x93, '.'), /asks for "os\.system"/],
  ['a global from the stack that is no text', pickle('NN', 0x93, '.'), /is no text/],
  ['an empty program', buildCheckpoint(new Uint8Array(0)), /ends too early/],
  ['no end', pickle('}'), /ends too early/],
  ['nothing on the stack', pickle('.'), /one value/],
  ['two values', pickle('}}.'), /one value/],
  ['an open mark', pickle('(}.'), /one value/],
  ['protocol 0', buildCheckpoint(program(0x80, 0, '}.')), /protocol 0/],
  ['protocol 6', buildCheckpoint(program(0x80, 6, '}.')), /protocol 6/],
  ['a second protocol', pickle(0x80, 2, '}.'), /protocol 2 at byte 2/],
  ...(
    [
      ['INST', 'i'],
      ['OBJ', 'o'],
      ['NEWOBJ', 0x81],
      ['NEWOBJ_EX', 0x92],
      ['EXT1', 0x82],
      ['EXT4', 0x84],
      ['PERSID', 'P'],
      ['INT', 'I'],
      ['STRING', 'S'],
      ['UNICODE', 'V'],
      ['LONG4', 0x8b],
      ['BINSTRING', 'T'],
      ['BYTEARRAY8', 0x96],
      ['NEXT_BUFFER', 0x97],
      ['a byte that is no operation', 0xff],
    ] as const
  ).map(([name, code]): [string, Uint8Array, RegExp] => [name, pickle(code, '.'), /is not allowed/]),
  ['POP of nothing', pickle('0.'), /empty stack/],
  ['POP below a mark', pickle('}(0.'), /empty stack/],
  ['a mark that is not there', pickle('t.'), /no mark|mark where there is none/],
  ['a tuple of nothing', pickle(0x87, '.'), /empty stack/],
  ['APPEND to a dictionary', pickle('}Na.'), /no list/],
  ['APPEND to a tuple', pickle(')Na.'), /no list/],
  ['SETITEM of a list', pickle(']NNs.'), /no dictionary/],
  ['SETITEMS of an odd number', pickle('}(NNNu.'), /no dictionary/],
  ['a key that is a list', pickle('}]Ns.'), /neither text nor number/],
  ['ADDITEMS to a list', pickle('](N', 0x90, '.'), /no set/],
  ['BUILD of a text', pickle(unicode('a'), '}b.'), /has none/],
  ['BUILD of a tensor', pickle(tensor(storage(), integer(0), [2], [1]), '}b.'), /has none/],
  ['REDUCE of a text', pickle(unicode('eval'), ')R.'), /no function/],
  ['REDUCE of a storage class', pickle('ctorch\nFloatStorage\n)R.'), /no function/],
  ['REDUCE of a constant', pickle('ctorch\nfloat32\n)R.'), /no function/],
  ['REDUCE of a tensor', pickle(tensor(storage(), integer(0), [2], [1]), ')R.'), /no function/],
  ['REDUCE by a list', pickle('ccollections\nOrderedDict\n]R.'), /no function/],
  [
    'OrderedDict with arguments',
    pickle('ccollections\nOrderedDict\n', 'N', 0x85, 'R.'),
    /arguments to OrderedDict/,
  ],
  ['a memory that was not filled', pickle('h', 7, '.'), /recalls 7/],
  ['a long memory that was not filled', pickle('j', int32(0xffffffff), '.'), /recalls 4294967295/],
  ['remembering nothing', pickle('q', 0, '.'), /empty stack/],
  ['a text of 4 GB', pickle('X', int32(0xffffffff), '.'), /ends too early/],
  ['bytes of 4 GB', pickle('B', int32(0xffffffff), '.'), /ends too early/],
  ['a text that is not UTF-8', pickle('X', int32(1), 0xff, '.'), /not UTF-8/],
  ['an integer of 255 bytes', pickle(0x8a, 255, '.'), /integer of 255 bytes/],
  ['a name that does not end', pickle('ctorch'), /ends within a name/],
  ['a float cut short', pickle('G', 1, 2), /ends too early/],
  ['a frame that does not end', pickle(0x95, 1), /ends too early/],
  ['a persistent text', pickle(unicode('0'), 'Q.'), /refers to a storage/],
  ['a persistent tuple', pickle(tuple([1, 2, 3]), 'Q.'), /refers to a storage/],
  [
    'a storage of no class',
    pickle('(', unicode('storage'), 'N', unicode('0'), unicode('cpu'), integer(2), 'tQ.'),
    /refers to a storage/,
  ],
  ['a storage of negative length', pickle(storage('FloatStorage', -1), '.'), /refers to a storage/],
  [
    'a storage that goes up',
    state(tensor(storage('FloatStorage', 2, '../data.pkl'), integer(0), [2], [1])),
    /no file/,
  ],
  [
    'the pickle as a storage',
    state(tensor(storage('FloatStorage', 2, '../byteorder'), integer(0), [2], [1])),
    /no file/,
  ],
  [
    'a storage described in two ways',
    buildCheckpoint(
      program(
        0x80,
        2,
        '}(',
        unicode('a'),
        tensor(storage(), integer(0), [2], [1]),
        unicode('b'),
        tensor(storage('LongStorage', 1), integer(0), [1], [1]),
        'u.',
      ),
    ),
    /two ways/,
  ],
  [
    'a boolean of 255',
    buildCheckpoint(dictionary(tensor(storage('BoolStorage', 1), integer(0), [1], [1])), Uint8Array.of(255)),
    /boolean/,
  ],
  [
    'a tensor of no storage',
    state(tensor(program('N') as unknown as number[], integer(0), [2], [1])),
    /describes a tensor/,
  ],
  ['a negative offset', view(-1, [2], [1]), /describes a tensor/],
  ['a negative side', view(0, [-2], [1]), /describes a tensor/],
  ['a negative stride', view(1, [2], [-1]), /describes a tensor/],
  ['a stride too few', view(0, [2], []), /describes a tensor/],
  ['a side that is a text', state(tensor(storage(), integer(0), [], [])).slice(0, -1), /no end record/],
  ['a view beyond its storage', view(0, [3], [1]), /reaches element 2 of a storage of 2/],
  ['an offset beyond the storage', view(2, [1], [1]), /reaches element 2/],
  ['a scalar beyond the storage', view(2, [], []), /reaches element 2/],
  ['a stride beyond the storage', view(0, [2], [0x7fffffff]), /reaches element 2147483647/],
  ['a tensor of 16 GB out of 8 bytes', view(0, [0x7fffffff, 2], [0, 1]), /maxRatio = 100/],
  ['sides whose product is no number', view(0, [0x7fffffff, 0x7fffffff, 0x7fffffff], [0, 0, 0]), /has shape/],
  ['nine axes', view(0, [1, 1, 1, 1, 1, 1, 1, 1, 2], [1, 1, 1, 1, 1, 1, 1, 1, 1]), /maxDimensions = 8/],
  ['a parameter of nothing', pickle('ctorch._utils\n_rebuild_parameter\n', 'N', 0x85, 'R.'), /no tensor/],
  ['a list for a state', pickle('].'), /not a dictionary of tensors/],
  ['an empty state', pickle('}.'), /keys there: none/],
  ['a text in a state', state(unicode('x')), /not a dictionary of tensors/],
  [
    'a number for a name',
    buildCheckpoint(dictionary(tensor(storage(), integer(0), [2], [1]), integer(1))),
    /not a dictionary/,
  ],
  ['a list that holds itself', pickle(']q', 0, 'h', 0, 'a.'), /not a dictionary of tensors/],
  [
    'a dictionary that holds itself',
    pickle('}q', 0, unicode('a'), 'h', 0, 's.'),
    /not a dictionary of tensors/,
  ],
  ['100,000 nested lists', pickle(']'.repeat(1e5), 'a'.repeat(99_999), '.'), /not a dictionary of tensors/],
  [
    'lists of lists that double 60 times',
    pickle(
      ']q',
      0,
      ...Array.from(
        { length: 60 },
        () => program(')', 'h', 0, 'h', 0, 0x86, 'q', 0, '0') as unknown as number[],
      ),
      '.',
    ),
    /not a dictionary|one value/,
  ],
];

const attacks = [...attacksOnArchive, ...attacksOnPickle];

describe('the attack corpus', () => {
  test('has at least 100 files, and the one they are made from is read', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(100);
    expect(decodePyTorch(buildZip(entries)).get('a')?.shape).toEqual([2]);
    expect(decodePyTorch(buildZip(entries, { comment: text('PK\u0005\u0006 a comment') })).size).toBe(1);
  });

  test.each(attacks)('%s: refused on one line', (_, bytes, reason) => {
    const started = performance.now();
    const error = refusal(bytes);
    expect(NetworkError.isInstance(error) && error.kind).toBe('data');
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).toMatch(/^[^\n]{1,400}$/);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('fuzzing', () => {
  const made = JSON.parse(
    readFileSync(new URL('./__fixtures__/pytorch-files.json', import.meta.url), 'utf8'),
  ) as { cases: Record<string, { file: string }> };
  const seeds = [
    buildZip(entries),
    buildZip(entries.map((entry) => ({ ...entry, isDeflated: true }))),
    ...['views', 'protocol 4'].map((name) => gunzipSync(Buffer.from(made.cases[name]?.file ?? '', 'base64'))),
  ];

  type Change = (bytes: Uint8Array, pick: (n: number) => number) => Uint8Array;

  /** Changes that keep most of the structure: bytes, lengths, operations, pieces moved, doubled, cut or grown. */
  const changes: readonly Change[] = [
    (bytes, pick) => replaced(bytes, pick(bytes.length), pick(256)),
    (bytes, pick) => replaced(bytes, pick(bytes.length), '(}]tRQqhXKJuscb.)'.charCodeAt(pick(17))),
    (bytes, pick) => replaced(bytes, pick(bytes.length), '(}]tRQqhXKJuscb.)'.charCodeAt(pick(17))),
    (bytes, pick) => bytes.slice(0, bytes.length - pick(40)),
    (bytes, pick) => bytes.copyWithin(pick(bytes.length), pick(bytes.length), pick(bytes.length)),
    (bytes, pick) => moved(bytes, pick(bytes.length), pick(bytes.length), pick(60)),
    (bytes, pick) => numbered(bytes, pick(bytes.length - 4), pick(2 ** 32)),
    (bytes, pick) => numbered(bytes, pick(bytes.length - 4), pick(bytes.length)),
  ];

  function mutate(random: () => number): Uint8Array {
    const pick = (n: number): number => Math.floor(random() * n);
    let bytes: Uint8Array = Uint8Array.from(seeds[pick(seeds.length)] as Uint8Array);
    for (let count = 1 + pick(3); count > 0 && bytes.length > 8; count--)
      bytes = (changes[pick(changes.length)] as Change)(bytes, pick);
    return bytes;
  }

  function replaced(bytes: Uint8Array, at: number, value: number): Uint8Array {
    bytes[at] = value;
    return bytes;
  }

  function moved(bytes: Uint8Array, at: number, from: number, length: number): Uint8Array {
    const grown = new Uint8Array(bytes.length + length);
    grown.set(bytes.subarray(0, at));
    grown.set(bytes.subarray(from, from + length), at);
    grown.set(bytes.subarray(at), at + length);
    return grown;
  }

  function numbered(bytes: Uint8Array, at: number, value: number): Uint8Array {
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  }

  const cases = Number(process.env['BIPVL_FUZZ'] ?? 20_000);

  test(`${cases} mutated files are read or refused by a typed error, and never hang`, {
    timeout: 600_000,
  }, () => {
    const random = new RandomStream(20_250_310).uniform();
    let [read, refused, slowest] = [0, 0, 0];
    for (let i = 0; i < cases; i++) {
      const bytes = mutate(random);
      const started = performance.now();
      // Without checksums, so that most changes reach the pickle and the tensors.
      const error = refusal(bytes, i % 8 === 0);
      slowest = Math.max(slowest, performance.now() - started);
      if (error === undefined) read += 1;
      else if (NetworkError.isInstance(error)) refused += 1;
      else throw new Error(`case ${i}: ${String(error)}`);
    }
    expect(slowest).toBeLessThan(1000);
    expect(read).toBeGreaterThan(cases / 20);
    expect(refused).toBeGreaterThan(cases / 4);
  });
});

function refusal(bytes: Uint8Array, checksums = true): unknown {
  try {
    decodePyTorch(bytes, { inflate, checksums });
  } catch (error) {
    return error;
  }
  return undefined;
}
