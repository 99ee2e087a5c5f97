import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { decodeSafetensors } from '../checkpoints/safetensors.js';
import type { StoredTensor } from '../checkpoints/storage-types.js';
import { toTensor } from '../checkpoints/tensors.js';
import { NetworkError } from '../errors.js';
import type { Tolerance } from './compare.js';
import { type SyntheticTensor, synthesise } from './synthetic.js';

/** The JSON beside a fixture's tensors; what it holds beyond these keys depends on its group. */
export interface Sidecar {
  readonly class?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tolerances?: Readonly<Record<string, Tolerance>>;
  readonly synth?: readonly SyntheticTensor[];
  readonly aliases?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/**
 * A case of golden data: tensors by key (`input.x`, `param.conv.weight`, `output.out`, `grad.param...`) in
 * PyTorch's layout.
 */
export interface Fixture {
  readonly name: string;
  readonly sidecar: Sidecar;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const besideRepository: string = fileURLToPath(new URL('../../../../../shared/fixtures', import.meta.url));

/**
 * The folder of golden data: `BIPVL_FIXTURES`, else `../shared/fixtures` beside the repository, else
 * undefined.
 * @throws NetworkError `no-fixtures` if the variable names a folder that is not there.
 */
export function fixturesFolder(): string | undefined {
  const named = process.env['BIPVL_FIXTURES'];
  if (named === undefined || named === '') return existsSync(besideRepository) ? besideRepository : undefined;
  if (existsSync(named)) return named;
  throw new NetworkError('no-fixtures', `BIPVL_FIXTURES names ${named}, which does not exist`, {
    kind: 'data',
    hint: 'unset BIPVL_FIXTURES or point it to the folder with networks/, losses/, metrics/ and preproc/',
  });
}

/** The names of the cases of a group (`networks`, `losses` ...); empty where the fixtures are absent. */
export function fixtureCases(group: string): string[] {
  const folder = fixturesFolder();
  if (folder === undefined) return [];
  return readdirSync(join(folder, group)).flatMap((file) =>
    file.endsWith('.json') ? [file.slice(0, -5)] : [],
  );
}

/**
 * Reads `<group>/<case>`, stored and synthetic tensors together.
 * @throws NetworkError `no-fixtures` without the folder; `bad-safetensors` for a damaged file.
 */
export function readFixture(name: string): Fixture {
  const folder = fixturesFolder();
  if (folder === undefined)
    throw new NetworkError('no-fixtures', `there are no fixtures to read ${name} from`, {
      hint: 'set BIPVL_FIXTURES',
    });
  const sidecar = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Sidecar;
  const path = join(folder, `${name}.safetensors`);
  const { tensors } = decodeSafetensors(readFileSync(path), { source: path });
  for (const recipe of sidecar.synth ?? []) {
    tensors.set(recipe.key, { dtype: 'F32', shape: recipe.shape, data: synthesise(recipe) });
  }
  return { name, sidecar, tensors };
}

/** A stored tensor by its key. @throws NetworkError `no-fixture-tensor` */
export function stored(fixture: Fixture, key: string): StoredTensor {
  const tensor = fixture.tensors.get(key);
  if (tensor !== undefined) return tensor;
  throw new NetworkError('no-fixture-tensor', `fixture ${fixture.name} has no tensor ${key}`, {
    hint: 'look at its keys',
  });
}

/** A tensor of the fixture in PyTorch's layout; the caller disposes it. */
export function fixtureTensor(fixture: Fixture, key: string): tf.Tensor {
  return toTensor(key, stored(fixture, key));
}

/** Activations `[N, C, ...]` of the fixture as `[N, ..., C]`; the caller disposes it. */
export function channelsLastTensor(fixture: Fixture, key: string): tf.Tensor {
  const tensor = fixtureTensor(fixture, key);
  const axes = tensor.shape.map((_, axis) => axis);
  const moved = tf.transpose(tensor, [0, ...axes.slice(2), 1]);
  tensor.dispose();
  return moved;
}

/**
 * The tensors whose key starts with the prefix, under the rest of the key (`param.` gives a PyTorch state);
 * the caller disposes them.
 */
export function tensorsUnder(fixture: Fixture, prefix: string): Map<string, tf.Tensor> {
  const keys = [...fixture.tensors.keys()].filter((key) => key.startsWith(prefix));
  return new Map(keys.map((key) => [key.slice(prefix.length), fixtureTensor(fixture, key)]));
}

/** The tolerance of a key. @throws NetworkError `no-fixture-tensor` where the sidecar has none. */
export function toleranceOf(fixture: Fixture, key: string): Tolerance {
  const tolerance = fixture.sidecar.tolerances?.[key];
  if (tolerance !== undefined) return tolerance;
  throw new NetworkError('no-fixture-tensor', `fixture ${fixture.name} has no tolerance for ${key}`, {
    hint: 'look at its sidecar',
  });
}
