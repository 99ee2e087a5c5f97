import { loadEngine } from '@bipvl/engine';
import { MemoryLedger, RandomStream, training } from '@bipvl/nn';
import { compare } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BackboneName, BackboneOptions } from './backbone-options.js';
import { recomputeStages } from './recompute-stages.js';
import { createBackbone, listBackbones } from './registry.js';
import type { SegmentationNetwork } from './segmentation-network.js';
import { type BackboneClaim, proveBackbone } from './testing/index.js';

beforeAll(async () => {
  await loadEngine();
});

type Claim<Name extends BackboneName> = Omit<BackboneClaim, 'inputChannels' | 'classes'> & {
  readonly options: Omit<BackboneOptions[Name], 'inputChannels' | 'outputChannels'>;
};

/** A small form of every backbone, with legal sides that leave its bottleneck more than one voxel, and sides that do not fit. */
const claims: { readonly [Name in BackboneName]: Claim<Name> } = {
  unet: { options: { channels: [4, 6, 8] }, sides: [[8, 8, 16]], illegalSides: [[8, 8, 10]] },
  'nnunet-plain': {
    options: { channels: [4, 6, 8], convolutions: 1, decoderConvolutions: 1 },
    sides: [[8, 8, 16]],
    illegalSides: [[8, 8, 10]],
  },
  'nnunet-residual-encoder': {
    options: { channels: [4, 6, 8], blocks: 1, decoderConvolutions: 1 },
    sides: [[8, 8, 16]],
    illegalSides: [[8, 8, 10]],
  },
  dynunet: {
    options: { channels: [4, 6, 8], deepSupervision: 1, residual: true },
    sides: [[8, 8, 16]],
    illegalSides: [[8, 8, 10]],
  },
  segresnet: {
    options: { filters: 4, groups: 2, blocksDown: [1, 1, 1], blocksUp: [1, 1] },
    sides: [[8, 8, 16]],
    illegalSides: [[8, 8, 10]],
  },
  'unet-plusplus': {
    options: { channels: [4, 4, 6, 6, 8], lastChannels: 4 },
    sides: [[16, 16, 32]],
    illegalSides: [[16, 16, 24]],
  },
  mednext: {
    options: { filters: 2, blocksDown: 1, expansionsDown: 2 },
    sides: [[32, 32, 16]],
    illegalSides: [[32, 32, 24]],
  },
  'swin-unetr': {
    options: { width: 4, heads: [1, 2, 2, 4], depths: [2, 1, 1, 1], window: 2, dropout: 0.1, dropPath: 0.1 },
    sides: [[32, 64, 32]],
    illegalSides: [[32, 48, 32]],
  },
  unetr: {
    options: { imageSides: [32, 32, 16], filters: 4, width: 12, mlpWidth: 16, heads: 2 },
    sides: [[32, 32, 16]],
    illegalSides: [[32, 32, 32]],
  },
};

describe('every backbone in the registry', () => {
  test('is proved here', () => {
    expect(Object.keys(claims).sort()).toEqual(listBackbones().sort());
  });

  test.each(listBackbones())('%s keeps the promises of a backbone', async (name) => {
    const { options, ...claim } = claims[name];
    const results = await proveBackbone(
      (random) => createBackbone(name, { ...options, inputChannels: 2, outputChannels: 3 }, random),
      { ...claim, inputChannels: 2, classes: 3 },
    );
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test.each(listBackbones())(
    '%s, recomputed stage by stage, has the same gradients and a lower peak',
    (name) => {
      const [plain, recomputed] = [small(name), recomputeStages(small(name))];
      const [expected, actual] = [stepOf(plain, name), stepOf(recomputed, name)];
      expect(actual.names).toEqual(expected.names);
      const largest = Math.max(
        ...expected.gradients.map((values) =>
          values.reduce((size, value) => Math.max(size, Math.abs(value)), 0),
        ),
      );
      for (const [index, values] of expected.gradients.entries()) {
        const { relativeL2, maxAbsolute } = compare(actual.gradients[index] ?? [], values, { atol: 0 });
        // What a normalisation takes away has gradients of rounding only.
        const isRounding = maxAbsolute < 1e-6 * largest;
        expect(isRounding || relativeL2 < 1e-4, `${expected.names[index]}: ${relativeL2}`).toBe(true);
      }
      expect(actual.peak).toBeLessThan(expected.peak);
      for (const network of [plain, recomputed]) network.dispose();
    },
  );
});

function small(name: BackboneName): SegmentationNetwork {
  const { options } = claims[name];
  return createBackbone(
    name,
    { ...options, inputChannels: 2, outputChannels: 3 } as BackboneOptions[typeof name],
    new RandomStream(1),
  );
}

/** Gradients of a training pass, and the most bytes held in it. */
function stepOf(network: SegmentationNetwork, name: BackboneName) {
  return tf.tidy(() => {
    const image = tf.randomUniform([1, ...(claims[name].sides[0] as number[]), 2], -1, 1, 'float32', 3);
    const parameters = network.parameters();
    const objective = () => {
      const { logits, auxiliary } = network.forward(image, training(1, 0));
      return tf.addN([logits, ...auxiliary].map((output) => tf.mean(tf.square(output)))) as tf.Scalar;
    };
    let gradients: Float32Array[] = [];
    const ledger = new MemoryLedger();
    const pass = () => {
      const { grads } = tf.variableGrads(objective, [...parameters.values()]);
      gradients = [...parameters.values()].map(
        (variable) => grads[variable.name]?.dataSync() as Float32Array,
      );
      tf.dispose(grads);
    };
    ledger.record(pass);
    const peak = Math.max(...ledger.record(pass));
    return { names: [...parameters.keys()], gradients, peak };
  });
}
