import { loadEngine } from '@bipvl/engine';
import { BlankStream, evaluation, Module, NetworkError, RandomStream, training } from '@bipvl/nn';
import { compare } from '@bipvl/nn/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BridgeConfiguration } from './bridge-options.js';
import { bridgeSettingsSchema, createBridge, listBridges, withBridge } from './bridge-registry.js';
import { recomputeStages } from './recompute-stages.js';
import { backboneSettingsSchema, createBackbone } from './registry.js';
import { SegmentationNetwork } from './segmentation-network.js';
import { proveBackbone } from './testing/index.js';

beforeAll(async () => {
  await loadEngine();
});

const options = { inputChannels: 2, outputChannels: 3, channels: [4, 6, 8] };
const dca = { name: 'dca', spatialHeads: 2, dropout: 0.3 } as const;

function bridged(bridge: BridgeConfiguration, seed = 1): SegmentationNetwork {
  return createBackbone('unet', { ...options, bridge }, new RandomStream(seed));
}

describe('a backbone with a bridge', () => {
  test.each<[string, BridgeConfiguration]>([
    ['dca', dca],
    ['normalised-skips', 'normalised-skips'],
  ])('%s keeps the promises of a backbone', async (_, bridge) => {
    const create = (random: RandomStream) => createBackbone('unet', { ...options, bridge }, random);
    const results = await proveBackbone(create, { inputChannels: 2, classes: 3, sides: [[8, 8, 16]] });
    expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test('gives the decoder what the bridge makes of the skips', () => {
    tf.tidy(() => {
      const network = bridged(dca);
      const image = tf.randomUniform([1, 8, 8, 16, 2], -1, 1, 'float32', 3);
      const { pyramid } = network.encoder.encode(image, evaluation(), {});
      const connected = network.bridge?.connect(pyramid, evaluation()) ?? pyramid;
      const by = network.decoder.decode(connected, evaluation()).levels.at(-1) as tf.Tensor;
      expect(network.forward(image, evaluation()).logits.dataSync()).toEqual(by.dataSync());
      const plain = createBackbone('unet', options, new RandomStream(1)).forward(image, evaluation()).logits;
      expect(compare(by.dataSync(), plain.dataSync(), { atol: 1e-3 }).verdict).toBe('different');
    });
  });

  test('recomputed, has the same gradients and running statistics', () => {
    const image = tf.randomUniform([2, 8, 8, 16, 2], -1, 1, 'float32', 3);
    const [plain, recomputed] = [bridged(dca), recomputeStages(bridged(dca))].map((network) => {
      const parameters = network.parameters();
      const objective = () => tf.mean(tf.square(network.forward(image, training(1, 0)).logits)) as tf.Scalar;
      const { grads } = tf.variableGrads(objective, [...parameters.values()]);
      return { network, gradients: [...parameters.values()].map(({ name }) => grads[name]?.dataSync()) };
    });
    for (const [index, [key]] of [...(plain?.network.parameters() ?? [])].entries()) {
      const [actual, expected] = [recomputed?.gradients[index] ?? [], plain?.gradients[index] ?? []];
      const verdict = compare(actual, expected, { atol: 1e-5 });
      expect(verdict.verdict, `${key}: ${verdict.message}`).toBe('equal');
    }
    const again = recomputed?.network.state();
    for (const [key, value] of plain?.network.state() ?? [])
      expect(again?.get(key)?.dataSync(), key).toEqual(value.dataSync());
  });

  test('whose bridge does not fit leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const fault = expect.objectContaining({
      code: 'heads-do-not-divide',
      message: 'DCA expects spatialHeads that divide 4 and 10 channels, received 4',
      hint: 'use one of 1, 2 heads',
    });
    expect(() => bridged('dca')).toThrow(fault);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('is refused where the encoder publishes no skips', () => {
    const { encoder, decoder, head } = createBackbone('unet', options, new RandomStream(1));
    class Closed extends Module {
      readonly sites = encoder.sites;
      readonly bottleneckChannels = encoder.bottleneckChannels;
      readonly bottleneckExtent = encoder.bottleneckExtent.bind(encoder);
      readonly encode = encoder.encode.bind(encoder);
    }
    const network = new SegmentationNetwork({ encoder: new Closed(), decoder, head });
    expect(() => withBridge(network, 'dca', new RandomStream(1))).toThrow(
      expect.objectContaining({ code: 'no-skips', kind: 'usage' }),
    );
  });
});

describe('a bridge by its name', () => {
  test('is known, or refused with the known ones', () => {
    expect(listBridges()).toEqual(['dca', 'normalised-skips']);
    const create = () => createBridge('gate' as 'dca', [4], new RandomStream(1));
    expect(create).toThrow(NetworkError);
    expect(create).toThrow("there is no bridge 'gate'; expected one of: dca, normalised-skips");
  });

  test('in a configuration is filled in with its defaults', () => {
    const defaults = {
      name: 'dca',
      blocks: 1,
      channelHeads: 1,
      spatialHeads: 4,
      attention: 'both',
      postNormalisation: false,
      normalisation: 'batch',
      dropout: 0,
    };
    expect(bridgeSettingsSchema.parse('dca')).toEqual(defaults);
    const backbone = { name: 'unet', bridge: { name: 'dca', grid: [4, 4, 4] } };
    expect(backboneSettingsSchema.parse(backbone)).toMatchObject({
      name: 'unet',
      residualUnits: 2,
      bridge: { ...defaults, grid: [4, 4, 4] },
    });
    expect(Object.keys(backboneSettingsSchema.parse({ name: 'segresnet' }))).not.toContain('bridge');
  });

  test.each([
    [{ name: 'unet', bridge: 'gate' }, "there is no bridge 'gate'; expected one of: dca, normalised-skips"],
    [{ name: 'unet', bridge: { name: 'dca', blocks: 0 } }, 'expected number to be >=1'],
    [{ name: 'unet', bridge: { name: 'dca', gate: 1 } }, 'Unrecognized key: "gate"'],
  ])('%j is refused', (backbone, message) => {
    const issue = backboneSettingsSchema.safeParse(backbone).error?.issues[0];
    expect(issue?.message).toContain(message);
    expect(issue?.path[0]).toBe('bridge');
  });

  test('counts towards the limit of a bundle before it is built', () => {
    const before = tf.memory().numTensors;
    const build = () =>
      createBackbone('unet', { ...options, bridge: { ...dca, blocks: 1e9 } }, new BlankStream(1e6));
    expect(build).toThrow(expect.objectContaining({ code: 'too-many-parameters' }));
    expect(tf.memory().numTensors).toBe(before);
  });
});
