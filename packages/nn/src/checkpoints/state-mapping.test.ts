import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { mapState, type StateTable, unmapState } from './state-mapping.js';

beforeAll(async () => {
  await loadEngine();
});

const table: StateTable = {
  rules: [
    { pattern: 'down.{n}.conv.weight', name: 'encoder.{n}.convolution.filter', layout: 'conv3d' },
    { pattern: 'flat.{n}.weight', name: 'flat.{n}.filter', layout: 'conv2d' },
    { pattern: 'up.{n}.weight', name: 'decoder.{n}.filter', layout: 'conv3dTransposed' },
    { pattern: 'layer.{layer}.part.{part}.weight', name: 'parts.{part}.{layer}.weight', layout: 'transpose' },
    { pattern: '{any}.bias', name: '{any}.bias', layout: 'same' },
  ],
  ignored: ['{block}.num_batches_tracked'],
};

function counted(shape: number[]): tf.Tensor {
  return tf.reshape(
    tf.range(
      0,
      shape.reduce((a, b) => a * b),
    ),
    shape,
  );
}

function published(): Map<string, tf.Tensor> {
  return new Map([
    ['down.0.conv.weight', counted([4, 3, 1, 2, 3])],
    ['flat.1.weight', counted([4, 3, 2, 5])],
    ['up.1.weight', counted([3, 4, 2, 2, 2])],
    ['layer.7.part.2.weight', counted([5, 2])],
    ['norm.bias', tf.tensor([0.1, Number.NaN, -0])],
  ]);
}

describe('mapState', () => {
  test('renames and moves axes', () => {
    const ours = mapState(new Map([...published(), ['norm.num_batches_tracked', tf.scalar(3)]]), table);
    expect([...ours].map(([name, tensor]) => `${name} ${tensor.shape}`)).toEqual([
      'encoder.0.convolution.filter 1,2,3,3,4',
      'flat.1.filter 2,5,3,4',
      'decoder.1.filter 2,2,2,4,3',
      'parts.2.7.weight 2,5',
      'norm.bias 3',
    ]);
    // Element [d, h, w, i, o] of ours is element [o, i, d, h, w] of PyTorch's.
    const filter = ours.get('encoder.0.convolution.filter')?.arraySync() as number[][][][][];
    expect(filter[0]?.[1]?.[2]?.[1]?.[3]).toBe(((3 * 3 + 1) * 2 + 1) * 3 + 2);
    // Element [h, w, i, o] of ours is element [o, i, h, w] of PyTorch's.
    const flat = ours.get('flat.1.filter')?.arraySync() as number[][][][];
    expect(flat[1]?.[4]?.[2]?.[3]).toBe(((3 * 3 + 2) * 2 + 1) * 5 + 4);
    // Element [d, h, w, o, i] of ours is element [i, o, d, h, w] of PyTorch's.
    const transposed = ours.get('decoder.1.filter')?.arraySync() as number[][][][][];
    expect(transposed[1]?.[0]?.[1]?.[3]?.[2]).toBe((((2 * 4 + 3) * 2 + 1) * 2 + 0) * 2 + 1);
  });

  test('comes back bit for bit', () => {
    const there = published();
    const back = unmapState(mapState(there, table), table);
    expect([...back.keys()]).toEqual([...there.keys()]);
    for (const [name, tensor] of there) {
      expect(back.get(name)?.shape).toEqual(tensor.shape);
      expect(back.get(name)?.dataSync()).toEqual(tensor.dataSync());
    }
  });

  test('lists everything that does not fit, and creates nothing', () => {
    const wrong = published();
    wrong.set('head.weight', tf.zeros([1])).set('down.3.conv.weight', tf.zeros([4, 4]));
    wrong.delete('up.1.weight');
    const expected = new Map([
      ['encoder.0.convolution.filter', { shape: [3, 3, 3, 3, 4] }],
      ['decoder.1.filter', { shape: [2, 2, 2, 4, 3] }],
      ['parts.2.7.weight', { shape: [2, 5] }],
      ['token', { shape: [1] }],
    ]);
    const before = tf.memory().numTensors;
    let message = '';
    try {
      mapState(wrong, table, expected);
    } catch (error) {
      message = (error as Error).message;
      expect(error).toMatchObject({ name: 'NetworkError', code: 'state-mismatch', kind: 'data' });
    }
    for (const part of [
      'no rule for head.weight',
      'down.3.conv.weight has shape [4,4], expected 5 axes',
      'decoder.1.filter is missing (published as up.1.weight)',
      'token is missing (published as nothing: no rule names it)',
      'down.0.conv.weight becomes encoder.0.convolution.filter of shape [1,2,3,3,4], expected [3,3,3,3,4]',
      'norm.bias becomes norm.bias, which the network does not have',
    ]) {
      expect(message).toContain(part);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses two tensors of one name, and to write back a tensor no rule names', () => {
    const both = new Map([
      ['a.x', tf.scalar(1)],
      ['b.x', tf.scalar(2)],
    ]);
    const doubled: StateTable = {
      rules: [
        { pattern: 'a.x', name: 'x', layout: 'same' },
        { pattern: 'b.x', name: 'x', layout: 'same' },
      ],
    };
    expect(() => mapState(both, doubled)).toThrow('b.x and a.x both become x');
    expect(() => unmapState(new Map([['unknown', tf.scalar(1)]]), table)).toThrow('no rule for unknown');
  });

  test.each([
    ['a hole that comes twice', 'a.{n}.b.{n}', 'x.{n}'],
    ['holes that differ', 'a.{n}', 'x.{m}'],
    ['a hole too few', 'a.{n}.{m}', 'x.{n}'],
  ])('refuses a rule with %s', (_, pattern, name) => {
    expect(() => mapState(new Map(), { rules: [{ pattern, name, layout: 'same' }] })).toThrow(
      expect.objectContaining({ code: 'bad-name-pattern' }),
    );
  });
});

describe('second names', () => {
  const twice: StateTable = {
    rules: [{ pattern: 'stage.{n}.conv.{kind}', name: 'stages.{n}.{kind}', layout: 'same' }],
    duplicates: [
      { pattern: 'stage.{n}.all_modules.0.{kind}', of: 'stage.{n}.conv.{kind}' },
      { pattern: 'decoder.stage.{n}.conv.{kind}', of: 'stage.{n}.conv.{kind}' },
    ],
  };
  const values = () => tf.tensor([1, Number.NaN, -0]);
  const stored = (...names: string[]) => new Map(names.map((name) => [name, values()]));
  const [first, second, third] = [
    'stage.0.conv.bias',
    'stage.0.all_modules.0.bias',
    'decoder.stage.0.conv.bias',
  ] as const;

  test.each([
    ['beside the first', [second, first, third]],
    ['without the first', [third, second]],
    ['absent', [first]],
  ])('%s: the tensor is read once, and written under every name', (_, names) => {
    const ours = mapState(stored(...names), twice, new Map([['stages.0.bias', { shape: [3] }]]));
    expect([...ours.keys()]).toEqual(['stages.0.bias']);
    const back = unmapState(ours, twice);
    expect([...back.keys()]).toEqual([first, second, third]);
    for (const tensor of back.values()) expect(tensor.dataSync()).toEqual(values().dataSync());
  });

  test.each([
    ['values', () => tf.tensor1d([1, 2, -0])],
    ['signs of zero', () => tf.tensor1d([1, Number.NaN, 0])],
    ['shapes', () => tf.tensor2d([[1, Number.NaN, -0]])],
    ['types', () => tf.tensor1d([1, 0, 0], 'int32')],
  ])('that hold other %s than the first are refused by name', (_, other) => {
    const tensors = new Map<string, tf.Tensor>([
      [first, values()],
      [third, other()],
    ]);
    expect(() => mapState(tensors, twice)).toThrow(`${third} differs from ${first}, which it repeats`);
    tensors.delete(first);
    tensors.set(second, values());
    expect(() => mapState(tensors, twice)).toThrow(/differs from stage.0.conv.bias, which it repeats/);
  });

  test('with other holes than their first are refused', () => {
    const wrong = { ...twice, duplicates: [{ pattern: 'a.{n}', of: 'a.{m}' }] };
    expect(() => mapState(new Map(), wrong)).toThrow(expect.objectContaining({ code: 'bad-name-pattern' }));
  });
});

test('tensors that follow from the architecture are passed over when read and made when written', () => {
  const table: StateTable = {
    rules: [{ pattern: 'table', name: 'bias.table', layout: 'same' }],
    ignored: ['index'],
    constants: new Map([['index', () => tf.tensor1d([2, 1, 0], 'int32')]]),
  };
  const given = new Map<string, tf.Tensor>([
    ['table', tf.tensor1d([0.5])],
    ['index', tf.tensor1d([2, 1, 0], 'int32')],
  ]);
  const ours = mapState(given, table);
  expect([...ours.keys()]).toEqual(['bias.table']);
  const back = unmapState(ours, table);
  expect([...back].map(([name, tensor]) => [name, tensor.dtype, [...tensor.dataSync()]])).toEqual([
    ['table', 'float32', [0.5]],
    ['index', 'int32', [2, 1, 0]],
  ]);
});
