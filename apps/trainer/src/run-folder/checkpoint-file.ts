import { decodeSafetensors, tensorsToSafetensors, toTensor } from '@bipvl/nn';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { RunProgress } from '../loop/run-progress.js';
import { openSeal, seal, sealHolds } from './seal.js';

/** Hashes of everything a run was made from; a run is resumed only where all are the same. */
export interface RunIdentity {
  readonly config: string;
  readonly split: string;
  readonly cases: string;
  readonly concepts: string | null;
  readonly tokenizer: string | null;
}

/** What a checkpoint says beside its tensors. */
export interface CheckpointFacts {
  readonly progress: RunProgress;
  readonly seed: number;
  readonly identity: RunIdentity;
  /** Length of `log.jsonl` when it was saved. */
  readonly logBytes: number;
}

/** Everything that is needed to go on: weights and optimiser by name, and where the run stood. */
export interface Checkpoint extends CheckpointFacts {
  readonly network: ReadonlyMap<string, tf.Tensor>;
  readonly optimiser: ReadonlyMap<string, tf.Tensor>;
}

const format = 'bipvl-checkpoint-1';
const hash = z.string();

const score = z.strictObject({
  step: z.int().min(1),
  meanDsc: z.number().nullable(),
  dsc: z.record(z.string(), z.number().nullable()),
});

const factsSchema: z.ZodType<CheckpointFacts> = z.strictObject({
  progress: z.strictObject({
    step: z.int().min(0),
    validated: z.int().min(0),
    best: score.nullable(),
    seconds: z.number().min(0),
  }),
  seed: z.int().min(0),
  identity: z.strictObject({
    config: hash,
    split: hash,
    cases: hash,
    concepts: hash.nullable(),
    tokenizer: hash.nullable(),
  }),
  logBytes: z.int().min(0),
});

/** One safetensors file with weights, optimiser and facts, sealed by its own SHA-256. */
export async function encodeCheckpoint({ network, optimiser, ...facts }: Checkpoint): Promise<Uint8Array> {
  const tensors = new Map([...prefixed('network.', network), ...prefixed('optimiser.', optimiser)]);
  const metadata = new Map([
    ['format', format],
    ['facts', JSON.stringify(factsSchema.parse(facts))],
    ['sha256', openSeal],
  ]);
  const bytes = await tensorsToSafetensors(tensors, metadata);
  seal(bytes);
  return bytes;
}

/** The checkpoint in a file; undefined where a single byte of it is not as it was saved. The caller disposes the tensors. */
export function decodeCheckpoint(bytes: Uint8Array, source: string): Checkpoint | undefined {
  if (!sealHolds(bytes)) return undefined;
  const { metadata, tensors: stored } = decodeSafetensors(bytes, { source });
  if (metadata.get('format') !== format) return undefined;
  const facts = factsSchema.parse(JSON.parse(metadata.get('facts') ?? ''));
  const tensors = new Map([...stored].map(([name, tensor]) => [name, toTensor(name, tensor)]));
  return { ...facts, network: unprefixed('network.', tensors), optimiser: unprefixed('optimiser.', tensors) };
}

/** Frees the tensors of a checkpoint that was read. */
export function disposeCheckpoint({ network, optimiser }: Checkpoint): void {
  tf.dispose([...network.values(), ...optimiser.values()]);
}

function prefixed(prefix: string, tensors: ReadonlyMap<string, tf.Tensor>): [string, tf.Tensor][] {
  return [...tensors].map(([name, tensor]) => [prefix + name, tensor]);
}

function unprefixed(prefix: string, tensors: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor> {
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
