import { readFileSync } from 'node:fs';
import { loadEngine } from '@bipvl/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeSafetensors } from '../checkpoints/safetensors.js';
import { mapState, type StateRule } from '../checkpoints/state-mapping.js';
import type { StoredTensor } from '../checkpoints/storage-types.js';
import { toTensor } from '../checkpoints/tensors.js';
import { type Context, evaluation, training } from '../context.js';
import { averagePool } from '../kernels/average-pool.js';
import type { Dimensions, Grid, Sides } from '../kernels/grid.js';
import { maxPool } from '../kernels/max-pool.js';
import { type ResizeMode, resize } from '../kernels/resize.js';
import { loadState, type Module } from '../module.js';
import { RandomStream } from '../random-stream.js';
import { compare } from '../testing/compare.js';
import { Attention } from './attention.js';
import { BatchNorm } from './batch-norm.js';
import { Convolution } from './convolution.js';
import { GroupNorm } from './group-norm.js';
import { InstanceNorm } from './instance-norm.js';
import { LayerNorm } from './layer-norm.js';
import { PatchEmbedding } from './patch-embedding.js';
import { PatchMerging } from './patch-merging.js';
import { RelativePositionBias } from './relative-position-bias.js';
import { SelfAttention } from './self-attention.js';
import { TransposedConvolution } from './transposed-convolution.js';

/** What the script beside the answers wrote of a case; PyTorch's names of options. */
interface Config {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number | Sides;
  readonly dimensions: Dimensions;
  readonly stride?: number | Sides;
  readonly padding?: number | Sides;
  readonly dilation?: number | Sides;
  readonly groups: number;
  readonly output_padding?: number | Sides;
  readonly bias?: boolean;
  readonly channels: number;
  readonly training: boolean;
  readonly factor: Sides;
  readonly sides: Sides;
  readonly mode: ResizeMode;
  readonly width: number;
  readonly heads: number;
  readonly memoryWidth: number;
  readonly window: Sides;
}

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly config: Config;
}

type Tensors = Map<string, tf.Tensor>;

/** What is held against an answer. */
interface Subject {
  readonly module?: Module;
  readonly rules?: readonly StateRule[];
  readonly run: (inputs: readonly tf.Tensor[], context: Context) => tf.Tensor;
  /** Of tensors that are no grid with channels first. Default false. */
  readonly isChannelsLast?: boolean;
}

const random = new RandomStream(1);
const grid = ([x]: readonly tf.Tensor[]) => x as Grid;
const tokens = ([x]: readonly tf.Tensor[]) => x as tf.Tensor3D;
const weights = (layout: StateRule['layout']): StateRule[] => [
  { pattern: 'weight', name: 'weight', layout },
  { pattern: 'bias', name: 'bias', layout: 'same' },
];
const norm = (theirs: string, ours: string): StateRule[] => [
  { pattern: `${theirs}weight`, name: `${ours}scale`, layout: 'same' },
  { pattern: `${theirs}bias`, name: `${ours}shift`, layout: 'same' },
];
const linear = (theirs: string, ours: string, separator = '.'): StateRule[] => [
  { pattern: `${theirs}${separator}weight`, name: `${ours}.weight`, layout: 'transpose' },
  { pattern: `${theirs}${separator}bias`, name: `${ours}.bias`, layout: 'same' },
];
const shared = ({ inputs, outputs, stride = 1, padding = 0, ...others }: Config) => ({
  ...others,
  inputChannels: inputs,
  outputChannels: outputs,
  stride,
  padding,
});

const subjects: Record<string, (config: Config) => Subject> = {
  convolution: (config) => {
    const module = new Convolution(shared(config), random);
    const rules = weights(config.dimensions === 2 ? 'conv2d' : 'conv3d');
    return { module, rules, run: (inputs) => module.forward(grid(inputs)) };
  },
  transposed: ({ output_padding = 0, ...config }) => {
    const module = new TransposedConvolution({ ...shared(config), outputPadding: output_padding }, random);
    return { module, rules: weights('conv2dTransposed'), run: (inputs) => module.forward(grid(inputs)) };
  },
  'patch-embedding': ({ kernel, ...config }) => {
    const module = new PatchEmbedding({ ...shared({ ...config, kernel }), patch: kernel }, random);
    return { module, rules: weights('conv2d'), run: (inputs) => module.forward(grid(inputs)) };
  },
  'batch-norm': ({ channels }) => {
    const module = new BatchNorm({ channels });
    const rules: StateRule[] = [
      ...norm('', ''),
      { pattern: 'running_mean', name: 'runningMean', layout: 'same' },
      { pattern: 'running_var', name: 'runningVariance', layout: 'same' },
    ];
    return { module, rules, run: (inputs, context) => module.forward(grid(inputs), context) };
  },
  'instance-norm': ({ channels }) => {
    const module = new InstanceNorm({ channels, affine: true });
    return { module, rules: norm('', ''), run: (inputs) => module.forward(grid(inputs)) };
  },
  'group-norm': ({ channels, groups }) => {
    const module = new GroupNorm({ channels, groups });
    return { module, rules: norm('', ''), run: (inputs) => module.forward(grid(inputs)) };
  },
  'layer-norm': ({ channels }) => {
    const module = new LayerNorm({ channels });
    return { module, rules: norm('', ''), run: (inputs) => module.forward(grid(inputs)) };
  },
  'max-pool': ({ factor }) => ({ run: (inputs) => maxPool(grid(inputs), factor) }),
  'average-pool': ({ factor }) => ({ run: (inputs) => averagePool(grid(inputs), factor) }),
  resize: ({ sides, mode }) => ({ run: (inputs) => resize(grid(inputs), sides, mode) }),
  'self-attention': (config) => {
    const module = new SelfAttention(config, random);
    const rules = [...linear('in_proj', 'qkv', '_'), ...linear('out_proj', 'output')];
    return {
      module,
      rules,
      isChannelsLast: true,
      run: (inputs, context) => module.forward(tokens(inputs), context),
    };
  },
  attention: (config) => {
    const module = new Attention(config, random);
    const rules = ['query', 'key', 'value'].flatMap((part) => linear(`${part[0]}_proj`, part, '_'));
    // In the order of their names.
    const run = ([memory, x]: readonly tf.Tensor[], context: Context) =>
      module.forward(x as tf.Tensor3D, memory as tf.Tensor3D, context);
    return { module, rules: [...rules, ...linear('out_proj', 'output')], isChannelsLast: true, run };
  },
  'window-attention': (config) => {
    const bias = new RelativePositionBias<Dimensions>({ ...config, dimensions: 2 }, random);
    const attention = new SelfAttention(config, random);
    const rules: StateRule[] = [
      { pattern: 'relative_position_bias_table', name: 'table', layout: 'same' },
      ...linear('qkv', 'attention.qkv'),
      ...linear('proj', 'attention.output'),
    ];
    const run = (inputs: readonly tf.Tensor[], context: Context) =>
      attention.forward(tokens(inputs), context, { bias: bias.forward(6) });
    return { module: Object.assign(bias, { attention }), rules, isChannelsLast: true, run };
  },
  'patch-merging': ({ channels }) => {
    const module = new PatchMerging({ channels, order: 'v2', dimensions: 2 }, random);
    const rules: StateRule[] = [
      ...norm('norm.', 'normalisation.'),
      { pattern: 'reduction.weight', name: 'reduction.weight', layout: 'transpose' },
    ];
    return {
      module,
      rules,
      isChannelsLast: true,
      run: (inputs) => module.forward(grid(inputs) as tf.Tensor4D),
    };
  },
};

const folder = new URL('./__fixtures__/', import.meta.url);
const cases = JSON.parse(readFileSync(new URL('layer-answers.json', folder), 'utf8')) as Case[];
const stored = decodeSafetensors(readFileSync(new URL('layer-answers.safetensors', folder))).tensors;

beforeAll(async () => {
  await loadEngine();
});

/** The tensors of a case under a prefix, by the rest of their names; PyTorch's packed bias of queries, keys and values in three where the weights are. */
function tensorsOf(number: number, prefix: string): Tensors {
  const start = `${number}/${prefix}`;
  const keys = [...stored.keys()].filter((key) => key.startsWith(start));
  const tensors: Tensors = new Map(
    keys.map((key) => [key.slice(start.length), toTensor(key, stored.get(key) as StoredTensor)]),
  );
  const packed = tensors.get('in_proj_bias');
  if (packed === undefined || !tensors.has('q_proj_weight')) return tensors;
  tensors.delete('in_proj_bias');
  for (const [index, part] of tf.split(packed, 3).entries()) tensors.set(`${'qkv'[index]}_proj_bias`, part);
  return tensors;
}

function channelsLast(tensor: tf.Tensor): tf.Tensor {
  return tf.transpose(tensor, [0, ...tensor.shape.map((_, axis) => axis).slice(2), 1]);
}

function expectEqual(actual: tf.Tensor, expected: tf.Tensor, name: string): void {
  expect(actual.shape, name).toEqual(expected.shape);
  const verdict = compare(actual.dataSync(), expected.dataSync(), { atol: 5e-5 });
  expect(verdict.verdict, `${name}: ${verdict.message}`).toBe('equal');
}

describe('layers equal PyTorch: outputs, gradients, running statistics', () => {
  test.each(cases.map((one, number) => [one.name, one, number] as const))(
    '%s',
    (_, { kind, config }, number) => {
      const before = tf.memory().numTensors;
      tf.engine().startScope();
      const subject = (subjects[kind] as (config: Config) => Subject)(config);
      const { module, rules = [], run, isChannelsLast = false } = subject;
      const turned = (tensor: tf.Tensor) => (isChannelsLast ? tensor : channelsLast(tensor));
      if (module) {
        const theirs = new Map([...tensorsOf(number, 'param.'), ...tensorsOf(number, 'before.')]);
        loadState(module, mapState(theirs, { rules }, module.state()));
      }
      const inputs = new Map(
        [...tensorsOf(number, 'input.')].map(([name, tensor]) => [name, tf.variable(turned(tensor))]),
      );
      const parameters = module?.parameters() ?? new Map<string, tf.Variable>();
      const context = config.training === false ? evaluation() : training(1, 0);
      const cotangent = turned(tensorsOf(number, 'cotangent').get('') as tf.Tensor);
      let y: tf.Tensor | undefined;
      const { grads } = tf.variableGrads(() => {
        y = tf.keep(run([...inputs.values()], context));
        return tf.sum(tf.mul(y, cotangent));
      }, [...inputs.values(), ...parameters.values()]);
      expectEqual(y as tf.Tensor, turned(tensorsOf(number, 'output').get('') as tf.Tensor), 'output');
      for (const [name, gradient] of tensorsOf(number, 'grad.input.'))
        expectEqual(
          grads[inputs.get(name)?.name ?? ''] as tf.Tensor,
          turned(gradient),
          `gradient of ${name}`,
        );
      for (const [name, gradient] of mapState(tensorsOf(number, 'grad.param.'), { rules }))
        expectEqual(grads[parameters.get(name)?.name ?? ''] as tf.Tensor, gradient, `gradient of ${name}`);
      for (const [name, value] of mapState(tensorsOf(number, 'after.'), { rules }))
        expectEqual(module?.state().get(name) as tf.Tensor, value, name);
      y?.dispose();
      tf.engine().endScope();
      tf.dispose([...inputs.values()]);
      module?.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
