#!/usr/bin/env node
// Parameters, multiply-adds, time and peak memory of every backbone with its default options, at SIDE^3, batch 1, 1 channel in and 2 out:
//   node bench/backbones.mjs [--backbones unet,segresnet] [--bridge dca] [--side 96] [--repetitions 3] [--write]
// Each is measured in a process of its own: forward in evaluation, and a training step (forward, loss, backward, AdamW), the median of the
// repetitions after one that is not counted; the memory is that of the training step beyond the loaded engine. `--write` puts the table
// into the README of @bipvl/vision.

import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadEngine } from '@bipvl/engine';
import { AdamW, evaluation, RandomStream, training, variableGradients } from '@bipvl/nn';
import {
  backboneSchema,
  countMultiplications,
  countParameters,
  createBackbone,
  listBackbones,
} from '@bipvl/vision';
import * as tf from '@tensorflow/tfjs-core';
import { median } from './take-turns.mjs';

const { values } = parseArgs({
  options: {
    backbones: { type: 'string', default: listBackbones().join(',') },
    bridge: { type: 'string' },
    side: { type: 'string', default: '96' },
    repetitions: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
    child: { type: 'string' },
  },
});
const side = Number(values.side);
const repetitions = Number(values.repetitions);
const megabyte = 2 ** 20;
const marks = ['<!-- table of backbones -->', '<!-- end of the table -->'];

if (values.child === undefined) await measureAll();
else await answer(values.child);

async function measureAll() {
  const rows = [
    `| at ${side} x ${side} x ${side} | parameters | GMAC | forward, s | training step, s | peak of a step, MiB |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
  ];
  console.log(rows.join('\n'));
  for (const name of values.backbones.split(',')) {
    const { parameters, multiplications, forward, step, peak } = await inChild(name);
    const cells = [
      `\`${name}\``,
      parameters.toLocaleString('en-US'),
      (multiplications / 1e9).toFixed(1),
      (forward / 1000).toFixed(2),
      (step / 1000).toFixed(2),
      Math.round(peak / megabyte).toLocaleString('en-US'),
    ];
    rows.push(`| ${cells.join(' | ')} |`);
    console.log(rows.at(-1));
  }
  if (values.write) writeTable(rows.join('\n'));
}

function writeTable(table) {
  const path = new URL('../packages/vision/README.md', import.meta.url);
  const [before, rest] = readFileSync(path, 'utf8').split(marks[0]);
  const after = rest?.split(marks[1])[1];
  if (after === undefined)
    throw new Error(`${fileURLToPath(path)} has no place for the table: ${marks.join(' ... ')}`);
  writeFileSync(path, `${before}${marks[0]}\n${table}\n${marks[1]}${after}`);
}

function inChild(name) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--child', name]);
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the process that measures ${name} ended with ${code}`)));
  });
}

async function answer(name) {
  await loadEngine();
  tf.tidy(() => tf.conv3d(tf.ones([1, 4, 4, 4, 1]), tf.ones([3, 3, 3, 1, 1]), 1, 'same').dataSync());
  const bridged = values.bridge === undefined ? {} : { bridge: values.bridge };
  const settings = backboneSchema(name).parse({ name, ...bridged });
  const configuration = { ...settings, inputChannels: 1, outputChannels: 2, imageSides: side };
  const base = process.memoryUsage.rss();
  const { name: _, ...options } = configuration;
  const network = createBackbone(name, options, new RandomStream(1));
  const image = tf.randomUniform([1, side, side, side, 1], -1, 1, 'float32', 1);
  const forward = timed(forwardOf(network, image));
  const step = timed(trainingOf(network, image));
  const peak = process.resourceUsage().maxRSS * 1024 - base;
  network.dispose();
  const [parameters, multiplications] = [
    countParameters(configuration),
    countMultiplications(configuration, image.shape),
  ];
  process.send({ parameters, multiplications, forward, step, peak }, () => process.exit(0));
}

/** The numbers stay inside: `tf.tidy` would look through every one of them for tensors. */
function forwardOf(network, image) {
  return () => {
    tf.tidy(() => {
      network.forward(image, evaluation()).logits.dataSync();
    });
  };
}

function trainingOf(network, image) {
  const parameters = network.parameters();
  const optimiser = new AdamW(parameters, { weightDecay: 1e-5 });
  let step = 0;
  return () =>
    tf.tidy(() => {
      const context = training(0, step++);
      const objective = () => {
        const { logits, auxiliary } = network.forward(image, context);
        return tf.addN([logits, ...auxiliary].map((each) => tf.mean(tf.square(each))));
      };
      const { value, gradients } = variableGradients(objective, parameters);
      optimiser.step(gradients, 1e-4);
      value.dataSync();
    });
}

function timed(run) {
  run();
  return median(
    Array.from({ length: repetitions }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    }),
  );
}
