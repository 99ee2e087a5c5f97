#!/usr/bin/env node
// Peak memory of a forward pass and of a training step (forward, loss, backward, AdamW) of backbones with their default options, as
// `estimateMemory` predicts it and as a process of its own takes it: `node bench/memory.mjs [--backbones unet,segresnet]
// [--sides 64x64x64,96x96x96] [--modes forward,training] [--options '{"width": 48}'] [--recompute]`. Both are bytes beyond those of the
// loaded engine. `--recompute` lets every stage compute its features again for the gradients.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadEngine } from '@bipvl/engine';
import { AdamW, evaluation, RandomStream, training, variableGradients } from '@bipvl/nn';
import { createBackbone, estimateMemory, listBackbones, recomputeStages } from '@bipvl/vision';
import * as tf from '@tensorflow/tfjs-core';

const { values } = parseArgs({
  options: {
    backbones: { type: 'string', default: '' },
    sides: { type: 'string', default: '64x64x64,96x96x96' },
    modes: { type: 'string', default: 'forward,training' },
    options: { type: 'string', default: '{}' },
    recompute: { type: 'boolean', default: false },
    child: { type: 'string' },
  },
});
const megabyte = 2 ** 20;
const steps = 3;

if (values.child === undefined) await compareAll();
else await answer(JSON.parse(values.child));

async function compareAll() {
  const names = values.backbones === '' ? listBackbones() : values.backbones.split(',');
  console.log(
    'backbone'.padEnd(26),
    'sides'.padEnd(14),
    'mode'.padEnd(9),
    'predicted MB  measured MB  ratio',
  );
  for (const name of names) {
    for (const sides of values.sides.split(',').map((text) => text.split('x').map(Number))) {
      for (const mode of values.modes.split(',')) await compare(name, sides, mode);
    }
  }
}

async function compare(name, sides, mode) {
  const task = { configuration: configurationOf(name, sides), sides, mode, recompute: values.recompute };
  const predicted = await inChild({ ...task, kind: 'predict' });
  const measured = await inChild({ ...task, kind: 'measure' });
  const cells = [predicted / megabyte, measured / megabyte].map((size) => size.toFixed(0).padStart(12));
  const ratio = (predicted / measured).toFixed(2).padStart(6);
  console.log(name.padEnd(26), sides.join(' ').padEnd(14), mode.padEnd(9), ...cells, ratio);
}

function configurationOf(name, sides) {
  const given = { name, inputChannels: 1, outputChannels: 3, ...JSON.parse(values.options) };
  return { ...given, imageSides: sides };
}

/** In a process of its own whose parent is small: a child's peak counts from what its parent held. */
function inChild(task) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--child', JSON.stringify(task)]);
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the measuring process ended with ${code}`)));
  });
}

async function answer(task) {
  await loadEngine();
  process.send(task.kind === 'predict' ? predict(task) : measure(task), () => process.exit(0));
}

function predict({ configuration, sides, mode, recompute }) {
  return estimateMemory(configuration, [1, ...sides, 1], mode, { recompute }).peakBytes;
}

function measure({ configuration, sides, mode, recompute }) {
  const { name, ...options } = configuration;
  tf.tidy(() => tf.conv3d(tf.ones([1, 4, 4, 4, 1]), tf.ones([3, 3, 3, 1, 1]), 1, 'same').dataSync());
  const before = process.memoryUsage().rss;
  const network = createBackbone(name, options, new RandomStream(1));
  if (recompute) recomputeStages(network);
  const image = tf.randomUniform([1, ...sides, 1]);
  const parameters = network.parameters();
  const optimiser = mode === 'training' ? new AdamW(parameters, { weightDecay: 0.01 }) : undefined;
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      if (optimiser === undefined) network.forward(image, evaluation()).logits.dataSync();
      else trainingStep(network, parameters, optimiser, image);
    });
  }
  return process.resourceUsage().maxRSS * 1024 - before;
}

function trainingStep(network, parameters, optimiser, image) {
  const objective = () => {
    const { logits, auxiliary } = network.forward(image, training(1, 0));
    return tf.addN(
      [logits, ...auxiliary].map((output) =>
        tf.losses.softmaxCrossEntropy(
          tf.oneHot(tf.zeros(output.shape.slice(0, -1), 'int32'), output.shape.at(-1)),
          output,
        ),
      ),
    );
  };
  const { gradients, value } = variableGradients(objective, parameters);
  optimiser.step(gradients, 1e-4);
  value.dataSync();
}
