import { loadEngine } from '@bipvl/engine';
import {
  channelsLastTensor,
  compare,
  compareGradient,
  type Fixture,
  fixtureCases,
  fixtureTensor,
  readFixture,
  stored,
  type Tolerance,
} from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  crossEntropyLoss,
  diceCrossEntropyLoss,
  diceLoss,
  focalLoss,
  generalisedDiceLoss,
  pairwiseSigmoidLoss,
  symmetricInfoNceLoss,
  tverskyLoss,
} from './index.js';

/** What MONAI's constructor was given. */
interface Config {
  readonly sigmoid?: boolean;
  readonly use_softmax?: boolean;
  readonly to_onehot_y?: boolean;
  readonly batch?: boolean;
  readonly include_background?: boolean;
  readonly squared_pred?: boolean;
  readonly jaccard?: boolean;
  readonly smooth_nr?: number;
  readonly smooth_dr?: number;
  readonly reduction?: 'mean' | 'sum' | 'none';
  readonly weight?: readonly number[];
  readonly w_type?: 'square' | 'simple' | 'uniform';
  readonly alpha?: number;
  readonly beta?: number;
  readonly gamma?: number;
  readonly lambda_dice?: number;
  readonly lambda_ce?: number;
  readonly lambda_focal?: number;
  readonly label_smoothing?: number;
}

interface LossCase {
  readonly class: string;
  readonly config: Config;
  readonly target: string;
  readonly loss?: 'symmetric_info_nce' | 'siglip';
  readonly log_t: number;
  readonly bias?: number;
  readonly tolerances: Readonly<Record<string, Tolerance>>;
}

/**
 * Our options of the same meaning; keys that MONAI was not given stay out, so that our defaults are tested
 * too.
 */
function options(config: Config): Record<string, unknown> {
  const renamed = {
    activation: config.sigmoid ? 'sigmoid' : undefined,
    batch: config.batch,
    includeBackground: config.include_background,
    squaredDenominator: config.squared_pred,
    jaccard: config.jaccard,
    smoothNumerator: config.smooth_nr,
    smoothDenominator: config.smooth_dr,
    reduction: config.reduction,
    classWeights: config.weight,
    weighting: config.w_type,
    alpha: config.alpha,
    beta: config.beta,
    gamma: config.gamma,
    diceWeight: config.lambda_dice,
    crossEntropyWeight: config.lambda_ce,
    labelSmoothing: config.label_smoothing,
  };
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined));
}

function focalOptions(config: Config): Record<string, unknown> {
  const chosen = { ...options(config), activation: config.use_softmax ? 'softmax' : 'sigmoid' };
  // MONAI warns and ignores alpha here; ours refuses the pair.
  return config.use_softmax && config.include_background === false ? { ...chosen, alpha: undefined } : chosen;
}

function lossOf({ class: name, config }: LossCase): (logits: tf.Tensor, target: tf.Tensor) => tf.Tensor {
  switch (name.split('.').at(-1)) {
    case 'DiceLoss':
      return (logits, target) => diceLoss(logits, target, options(config));
    case 'GeneralizedDiceLoss':
      return (logits, target) => generalisedDiceLoss(logits, target, options(config));
    case 'TverskyLoss':
      return (logits, target) => tverskyLoss(logits, target, options(config));
    case 'DiceCELoss':
      return (logits, target) => diceCrossEntropy(logits, target, config);
    case 'FocalLoss':
      return (logits, target) => focalLoss(logits, target, focalOptions(config));
    case 'DiceFocalLoss':
      return (logits, target) => diceFocal(logits, target, config);
    default:
      throw new Error(`no loss for ${name}`);
  }
}

/**
 * MONAI takes binary cross-entropy for a single channel only: several sigmoid channels meet a softmax with a
 * multi-hot target.
 */
function diceCrossEntropy(logits: tf.Tensor, target: tf.Tensor, config: Config): tf.Tensor {
  if (!config.sigmoid || logits.shape.at(-1) === 1)
    return diceCrossEntropyLoss(logits, target, options(config));
  const { diceWeight: _, crossEntropyWeight: __, ...dice } = options(config);
  const entropy = tf.mul(config.lambda_ce ?? 1, crossEntropyLoss(logits, target));
  return tf.add(tf.mul(config.lambda_dice ?? 1, diceLoss(logits, target, dice)), entropy);
}

/** MONAI's focal part is that of sigmoid even where its Dice part has softmax. */
function diceFocal(logits: tf.Tensor, target: tf.Tensor, config: Config): tf.Tensor {
  const { gamma: _, ...dice } = options(config);
  const focal = focalLoss(logits, target, { gamma: config.gamma ?? 2 });
  return tf.add(diceLoss(logits, target, dice), tf.mul(config.lambda_focal ?? 1, focal));
}

function targetOf(fixture: Fixture, key: string): tf.Tensor {
  const target = channelsLastTensor(fixture, key);
  return key === 'input.target_index' ? tf.squeeze(target, [4]) : target;
}

function expectNear(
  fixture: Fixture,
  key: string,
  actual: tf.Tensor,
  tolerance: Tolerance | undefined,
): void {
  if (tolerance === undefined) throw new Error(`no tolerance for ${key}`);
  const check = key.startsWith('grad') ? compareGradient : compare;
  const expected = stored(fixture, key).data as Float32Array;
  const result = check(actual.dataSync(), expected, tolerance);
  expect(result.verdict, `${key} ${result.message}`).toBe('equal');
}

/** From [N, ..., C] to the fixture's [N, C, ...]. */
function channelsFirst(tensor: tf.Tensor): tf.Tensor {
  const axes = tensor.shape.map((_, axis) => axis);
  return tf.transpose(tensor, [0, tensor.rank - 1, ...axes.slice(1, -1)]);
}

function checkSegmentation(fixture: Fixture, name: string, lossCase: LossCase): void {
  tf.tidy(() => {
    const logits = channelsLastTensor(fixture, 'input.logits');
    const target = targetOf(fixture, lossCase.target);
    const loss = lossOf(lossCase);
    const cotangentKey = `cotangent.${name}`;
    const value = loss(logits, target);
    const cotangent = fixture.tensors.has(cotangentKey)
      ? tf.reshape(fixtureTensor(fixture, cotangentKey), value.shape)
      : tf.onesLike(value);
    expectNear(fixture, `output.${name}`, value, lossCase.tolerances['output']);
    const gradient = tf.grad((z) => loss(z, target))(logits, cotangent);
    expectNear(fixture, `grad.${name}.logits`, channelsFirst(gradient), lossCase.tolerances['grad.logits']);
  });
}

function checkContrastive(fixture: Fixture, name: string, { loss, log_t, bias, tolerances }: LossCase): void {
  tf.tidy(() => {
    const inputs = [
      fixtureTensor(fixture, 'input.image'),
      fixtureTensor(fixture, 'input.text'),
      tf.scalar(log_t),
    ];
    const all = loss === 'siglip' ? [...inputs, tf.scalar(bias ?? 0)] : inputs;
    const f = (...[a, b, t, o]: tf.Tensor[]): tf.Tensor => {
      if (!a || !b || !t) throw new Error('an input is missing');
      return o ? pairwiseSigmoidLoss(a, b, t, o) : symmetricInfoNceLoss(a, b, t);
    };
    const { value, grads } = tf.valueAndGrads(f)(all);
    expectNear(fixture, `output.${name}`, value, tolerances['output']);
    ['image', 'text', 'log_t', 'bias'].slice(0, all.length).forEach((input, index) => {
      expectNear(fixture, `grad.${name}.${input}`, grads[index] as tf.Tensor, tolerances[`grad.${input}`]);
    });
  });
}

describe('losses against PyTorch and MONAI', () => {
  if (fixtureCases('losses').length === 0)
    test.skip('losses/* parity: no fixtures; set BIPVL_FIXTURES', () => undefined);

  beforeAll(async () => {
    await loadEngine();
  });

  for (const group of fixtureCases('losses')) {
    const fixture = readFixture(`losses/${group}`);
    for (const [name, lossCase] of Object.entries(fixture.sidecar['cases'] as Record<string, LossCase>)) {
      test(`losses/${group} ${name}`, () => {
        if (lossCase.loss !== undefined) checkContrastive(fixture, name, lossCase);
        else checkSegmentation(fixture, name, lossCase);
      });
    }
  }
});
