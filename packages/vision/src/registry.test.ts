import { loadEngine } from '@bipvl/engine';
import { MemoryLedger, RandomStream, training } from '@bipvl/nn';
import { compare } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BackboneName, BackboneOptions, BridgedOptions } from './backbone-options.js';
import { recomputeStages } from './recompute-stages.js';
import { createBackbone, listBackbones } from './registry.js';
import type { SegmentationNetwork } from './segmentation-network.js';
import { proveBackbone, smallBackbones } from './testing/index.js';

beforeAll(async () => {
  await loadEngine();
});

describe('every backbone in the registry', () => {
  test('is proved here', () => {
    expect(Object.keys(smallBackbones).sort()).toEqual(listBackbones().sort());
  });

  test.each(listBackbones())('%s keeps the promises of a backbone', async (name) => {
    const { sides, illegalSides } = smallBackbones[name];
    const results = await proveBackbone((random) => small(name, random), {
      sides: [sides],
      illegalSides: [illegalSides],
      inputChannels: 2,
      classes: 3,
    });
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test.each(listBackbones())(
    '%s takes a bridge over its skips: its gradients are there, its own weights as before',
    (name) => {
      const bridge = { name: 'dca', spatialHeads: 2 } as const;
      const [plain, bridged] = [small(name), small(name, new RandomStream(1), { bridge })];
      const state = bridged.state();
      for (const [key, value] of plain.state())
        expect(state.get(key)?.dataSync(), key).toEqual(value.dataSync());
      const { names, gradients } = stepOf(bridged, name);
      expect(names.some((key) => key.startsWith('bridge.embeddings.'))).toBe(true);
      for (const [index, key] of names.entries())
        expect(gradients[index]?.every(Number.isFinite), `gradient of ${key}`).toBe(true);
      for (const network of [plain, bridged]) network.dispose();
    },
  );

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

function small(
  name: BackboneName,
  random: RandomStream = new RandomStream(1),
  bridged: BridgedOptions = {},
): SegmentationNetwork {
  const { settings, sides } = smallBackbones[name];
  const { name: _, ...options } = settings;
  const data = { inputChannels: 2, outputChannels: 3, imageSides: sides };
  return createBackbone(name, { ...options, ...bridged, ...data } as BackboneOptions[typeof name], random);
}

/** Gradients of a training pass, and the most bytes held in it. */
function stepOf(network: SegmentationNetwork, name: BackboneName) {
  return tf.tidy(() => {
    const image = tf.randomUniform([1, ...smallBackbones[name].sides, 2], -1, 1, 'float32', 3);
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
