import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { NetworkError } from '../../errors.js';
import { inflate } from '../../node/inflate.js';
import type { StoredTensor } from '../storage-types.js';
import { buildCheckpoint, dictionary, integer, storage, tensor } from './__fixtures__/archive-builder.js';
import { decodePyTorch } from './decode-pytorch.js';

interface Described {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

interface Stored {
  readonly cases: Readonly<
    Record<string, { file: string; within: string[]; tensors: Readonly<Record<string, Described>> }>
  >;
  readonly refused: Readonly<Record<string, string>>;
}

/** Made by make-pytorch-files.py beside it: what PyTorch 2.15 saved, and what it says the tensors hold. */
const made = JSON.parse(
  readFileSync(new URL('./__fixtures__/pytorch-files.json', import.meta.url), 'utf8'),
) as Stored;
const unpacked = (file: string): Uint8Array => gunzipSync(Buffer.from(file, 'base64'));

const storedTypes: Readonly<Record<string, string>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I32',
  int8: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};

function expectTensor(name: string, actual: StoredTensor | undefined, expected: Described): void {
  expect([actual?.dtype, actual?.shape], name).toEqual([storedTypes[expected.dtype], expected.shape]);
  const numbers = Array.from(actual?.data as ArrayLike<number | bigint>, Number);
  expect(numbers, name).toEqual(expected.values.map(Number));
}

function refusal(bytes: Uint8Array, within: string[] = []): unknown {
  try {
    decodePyTorch(bytes, { within });
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('files of torch.save', () => {
  test.each(Object.entries(made.cases))(
    '%s: names, types, shapes and values are those of PyTorch',
    (_, file) => {
      const tensors = decodePyTorch(unpacked(file.file), { within: file.within, inflate });
      expect([...tensors.keys()]).toEqual(Object.keys(file.tensors));
      for (const [name, expected] of Object.entries(file.tensors))
        expectTensor(name, tensors.get(name), expected);
    },
  );

  test('tensors that share a storage are views of one array where they lie in a row', () => {
    const { base, row } = Object.fromEntries(decodePyTorch(unpacked(made.cases['views']?.file ?? '')));
    expect(row?.data.buffer).toBe(base?.data.buffer);
    expect(row?.data.byteOffset).toBe((base?.data.byteOffset ?? 0) + 12 * 4);
  });

  test('bytes at an odd address are read the same', () => {
    const file = unpacked(made.cases['elements']?.file ?? '');
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    const values = (bytes: Uint8Array) =>
      [...decodePyTorch(bytes)].map(([name, { data }]) => [name, [...data]]);
    expect(values(shifted.subarray(1))).toEqual(values(file));
  });

  test.each([
    ['legacy', 'bad-pytorch-file', /before 1\.6/],
    ['whole module', 'refused-global', /"torch\.nn\.modules\.linear\.Linear"/],
    ['complex', 'refused-global', /"torch\.ComplexFloatStorage"/],
    ['no tensors', 'no-state', /outermost object is not a dictionary of tensors; the keys there: none/],
  ])('%s: refused as %s', (name, code, message) => {
    const error = refusal(unpacked(made.refused[name] ?? ''));
    expect(NetworkError.isInstance(error) && error.code).toBe(code);
    expect((error as Error).message).toMatch(message);
  });

  test('deflated files need an inflate', () => {
    expect(refusal(unpacked(made.cases['deflated']?.file ?? ''))).toMatchObject({
      code: 'bad-pytorch-file',
      hint: 'read it with @bipvl/nn/node',
    });
  });

  test('a state inside wrappers is found only by its keys, which the error lists', () => {
    const { file, within } = made.cases['trained'] ?? { file: '', within: [] };
    const bytes = unpacked(file);
    const kinds = [[], ['state_dict'], [...within, '0.weight'], ['optimizer_state'], ['current_epoch']];
    for (const wrong of kinds)
      expect(refusal(bytes, wrong), wrong.join()).toMatchObject({ code: 'no-state', kind: 'data' });
    expect((refusal(bytes) as Error).message).toContain('"network_weights", "optimizer_state"');
  });
});

describe('limits and options', () => {
  const wide = (side: number): Uint8Array =>
    buildCheckpoint(dictionary(tensor(storage(), integer(0), [side, 2], [0, 1])));

  test('a tensor of stride 0 is read up to maxRatio times the file', () => {
    expect(decodePyTorch(wide(1000)).get('a')?.shape).toEqual([1000, 2]);
    expect(refusal(wide(100_000_000))).toMatchObject({ code: 'bad-pytorch-file' });
    expect(() => decodePyTorch(wide(1000), { maxRatio: 1 })).toThrow('maxRatio = 1');
  });

  test('every limit is named in its error, and so is the source', () => {
    const bytes = wide(4);
    for (const limit of [
      { maxEntries: 2 },
      { maxEntryBytes: 5 },
      { maxTotalBytes: 20 },
      { maxPickleBytes: 10 },
      { maxDimensions: 1 },
    ]) {
      const [name, value] = Object.entries(limit)[0] as [string, number];
      expect(() => decodePyTorch(bytes, { ...limit, source: 'weights.pt' })).toThrow(
        expect.objectContaining({ message: expect.stringMatching(`weights.pt.*${name} = ${value}`) }),
      );
    }
  });

  test('checksums are compared unless told otherwise', () => {
    const bytes = wide(1);
    const at = Buffer.from(bytes).lastIndexOf('archive/data/0', bytes.length - 80);
    bytes[at + 14] = 0xff;
    expect(refusal(bytes)).toMatchObject({ hint: expect.stringContaining('checksums: false') });
    expect(decodePyTorch(bytes, { checksums: false }).get('a')?.shape).toEqual([1, 2]);
  });
});
