import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { brainFloatToNumber, halfToNumber, numberToBrainFloat, numberToHalf } from './half.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import type { StoredTensor } from './storage-types.js';
import { safetensorsToTensors, tensorsToSafetensors } from './tensors.js';

beforeAll(async () => {
  await loadEngine();
});

const everyType = new Map<string, StoredTensor>([
  ['bool', { dtype: 'BOOL', shape: [3], data: Uint8Array.from([0, 1, 1]) }],
  ['bytes', { dtype: 'U8', shape: [1, 2], data: Uint8Array.from([0, 255]) }],
  ['half', { dtype: 'F16', shape: [4], data: Float32Array.from([1.5, -0, 65504, 2 ** -24]) }],
  [
    'brain',
    {
      dtype: 'BF16',
      shape: [2],
      data: Float32Array.from([-3.140625, 1e30]).map((x) => brainFloatToNumber(numberToBrainFloat(x))),
    },
  ],
  ['single', { dtype: 'F32', shape: [2, 1, 2], data: Float32Array.from([0.1, -Infinity, 3, 1e-40]) }],
  ['int', { dtype: 'I32', shape: [], data: Int32Array.from([-2147483648]) }],
  ['long', { dtype: 'I64', shape: [2], data: BigInt64Array.from([-1n, 9007199254740993n]) }],
  ['double', { dtype: 'F64', shape: [1], data: Float64Array.from([Math.PI]) }],
  ['empty', { dtype: 'F32', shape: [0, 7], data: new Float32Array(0) }],
]);

describe('safetensors', () => {
  test('of every type come back as they went', () => {
    const metadata = new Map([
      ['format', 'pt'],
      ['naïve "key"', 'π\n'],
    ]);
    const back = decodeSafetensors(encodeSafetensors(everyType, metadata));
    expect(new Map([...back.tensors].sort())).toEqual(new Map([...everyType].sort()));
    expect(back.metadata).toEqual(metadata);
  });

  test('are the same bytes whatever the order, with every tensor aligned to its type', () => {
    const bytes = encodeSafetensors(everyType);
    expect(encodeSafetensors(new Map([...everyType].reverse()))).toEqual(bytes);
    const text = new TextDecoder().decode(
      bytes.subarray(8, 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))),
    );
    expect(text.length % 8).toBe(0);
    const offsets = Object.values(
      JSON.parse(text) as Record<string, { data_offsets: number[]; dtype: string }>,
    );
    for (const { data_offsets, dtype } of offsets) {
      expect((data_offsets[0] ?? 1) % (dtype.endsWith('64') ? 8 : dtype.endsWith('32') ? 4 : 1)).toBe(0);
    }
  });

  test('are read from any place in a buffer', () => {
    const bytes = encodeSafetensors(everyType);
    const shifted = new Uint8Array(bytes.byteLength + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3)).tensors).toEqual(decodeSafetensors(bytes).tensors);
    // Node's Buffer, whose slice is a view.
    const buffer = Buffer.from(shifted.buffer, 3);
    expect(decodeSafetensors(buffer).tensors).toEqual(decodeSafetensors(bytes).tensors);
  });

  test('may have tensors in any order of the header and be empty', () => {
    const header =
      '{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"data_offsets":[0,1],"shape":[1],"dtype":"U8"}}';
    expect([...(decodeSafetensors(file(header, [7, 8])).tensors.get('b')?.data ?? [])]).toEqual([8]);
    expect(decodeSafetensors(file('{}', [])).tensors.size).toBe(0);
    expect(decodeSafetensors(file('{} \n ', []).map((byte) => (byte === 10 ? 32 : byte))).tensors.size).toBe(
      0,
    );
  });

  test.each([
    ['data of another type', 'a', { dtype: 'F32', shape: [1], data: Int32Array.from([1]) }],
    ['data of another length', 'a', { dtype: 'F32', shape: [2], data: Float32Array.from([1]) }],
    ['a fractional shape', 'a', { dtype: 'F32', shape: [0.5], data: new Float32Array(0) }],
    ['an unknown type', 'a', { dtype: 'F8' as 'F32', shape: [1], data: Float32Array.from([1]) }],
    ['a reserved name', '__metadata__', { dtype: 'F32', shape: [1], data: Float32Array.from([1]) }],
    ['another reserved name', '__proto__', { dtype: 'F32', shape: [1], data: Float32Array.from([1]) }],
    ['half a character', '\ud800', { dtype: 'F32', shape: [1], data: Float32Array.from([1]) }],
  ] as const)('cannot be written with %s', (_, name, tensor) => {
    expect(() => encodeSafetensors(new Map([[name as string, tensor]]))).toThrow(
      expect.objectContaining({ code: 'bad-stored-tensor' }),
    );
  });
});

describe('tensors', () => {
  test('are saved and loaded with their types', async () => {
    const tensors = new Map<string, tf.Tensor>([
      ['f', tf.tensor([1.5, -2], [2, 1])],
      ['i', tf.tensor([1, 2], [2], 'int32')],
      ['b', tf.tensor([1, 0], [2], 'bool')],
    ]);
    const back = safetensorsToTensors(await tensorsToSafetensors(tensors));
    for (const [name, tensor] of tensors) {
      expect(back.get(name)?.dtype).toBe(tensor.dtype);
      expect(back.get(name)?.arraySync()).toEqual(tensor.arraySync());
    }
  });

  test('narrow doubles and long integers, the latter only where they fit', () => {
    const wide = new Map<string, StoredTensor>([
      ['d', { dtype: 'F64', shape: [1], data: Float64Array.from([0.5]) }],
      ['l', { dtype: 'I64', shape: [1], data: BigInt64Array.from([-5n]) }],
    ]);
    const back = safetensorsToTensors(encodeSafetensors(wide));
    expect([back.get('d')?.dataSync()[0], back.get('l')?.dataSync()[0], back.get('l')?.dtype]).toEqual([
      0.5,
      -5,
      'int32',
    ]);
    const before = tf.memory().numTensors;
    wide.set('l', { dtype: 'I64', shape: [1], data: BigInt64Array.from([2n ** 31n]) });
    expect(() => safetensorsToTensors(encodeSafetensors(wide))).toThrow('"l" holds 2147483648');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('of strings are refused', async () => {
    await expect(tensorsToSafetensors(new Map([['s', tf.tensor(['a'])]]))).rejects.toThrow('of dtype string');
  });
});

describe('half precision', () => {
  test('keeps every one of the 65,536 patterns of both kinds', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const half = halfToNumber(bits);
      if (Number.isNaN(half)) expect(Number.isNaN(halfToNumber(numberToHalf(half)))).toBe(true);
      else if (numberToHalf(half) !== bits) throw new Error(`half ${bits}`);
      const brain = brainFloatToNumber(bits);
      if (Number.isNaN(brain)) expect(Number.isNaN(brainFloatToNumber(numberToBrainFloat(brain)))).toBe(true);
      else if (numberToBrainFloat(brain) !== bits) throw new Error(`brain float ${bits}`);
    }
  });

  test('rounds to the nearest, ties to even', () => {
    const cases = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -26, 65519, 65520, 1e-10, -70000];
    const expected = [1, 1 + 2 ** -9, 0, 2 ** -24, 65504, Infinity, 0, -Infinity];
    expect(cases.map((x) => halfToNumber(numberToHalf(x)))).toEqual(expected);
    expect(
      [1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.4e38].map((x) => brainFloatToNumber(numberToBrainFloat(x))),
    ).toEqual([1, 1 + 2 ** -6, Infinity]);
  });
});

function file(header: string, data: readonly number[]): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
