import type { z } from 'zod';
import { TrainerError } from '../errors.js';
import { knownKeys } from './known-keys.js';
import { nearestName } from './nearest-name.js';
import type { ResolvedConfig, RunConfig } from './run-config.js';
import { runConfigSchema } from './run-config-schema.js';

/** Stands for the labels while a configuration that leaves them to the dataset is checked. */
const someLabels = [{ id: 1, name: 'from the dataset' }];

/**
 * Checks a configuration and fills in the defaults; `source` is what errors call it, such as its file.
 * @throws TrainerError `unknown-key` naming the nearest known key, or `bad-config` naming the key, what was expected and what came.
 */
export function parseRunConfig(value: unknown, source = 'configuration'): RunConfig {
  const open = leavesLabelsOpen(value);
  const parsed = runConfigSchema.safeParse(open ? withLabels(value) : value);
  const [issue] = parsed.error?.issues ?? [];
  if (!parsed.success) throw fault(issue, source);
  return open ? withoutLabels(parsed.data) : parsed.data;
}

interface Draft {
  readonly segmenter: Readonly<Record<string, unknown>>;
}

function leavesLabelsOpen(value: unknown): value is Draft {
  if (!isObject(value) || !isObject(value['segmenter'])) return false;
  return value['segmenter']['labels'] === undefined || value['segmenter']['labels'] === null;
}

function withLabels(draft: Draft): unknown {
  return { ...draft, segmenter: { ...draft.segmenter, labels: someLabels } };
}

function withoutLabels(config: ResolvedConfig): RunConfig {
  return { ...config, segmenter: { ...config.segmenter, labels: null } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(issue: z.core.$ZodIssue | undefined, source: string): TrainerError {
  if (issue?.code === 'unrecognized_keys') return unknownKey(issue.path, issue.keys[0] ?? '', source);
  const { path, message } = innermost(issue);
  const key = path.join('.') || 'top level';
  return new TrainerError('bad-config', `${source}: ${key}: ${message}`, {
    kind: 'usage',
    hint: `correct '${key}'; the keys and their defaults are in the README of @bipvl/trainer`,
  });
}

function unknownKey(path: readonly PropertyKey[], key: string, source: string): TrainerError {
  const known = knownKeys(runConfigSchema, path);
  const nearest = nearestName(key, known);
  const full = [...path, key].join('.');
  return new TrainerError(
    'unknown-key',
    `${source}: there is no key '${full}'${nearest ? `, the nearest is '${nearest}'` : ''}`,
    {
      kind: 'usage',
      hint: nearest
        ? `write '${[...path, nearest].join('.')}'`
        : `remove it, or use one of: ${known.join(', ')}`,
    },
  );
}

/** Of a value that fits no variant, the fault of the variant that came furthest. */
function innermost(issue: z.core.$ZodIssue | undefined): { path: readonly PropertyKey[]; message: string } {
  if (issue === undefined) return { path: [], message: 'is not what was expected' };
  if (issue.code !== 'invalid_union') return issue;
  const deepest = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
  if (deepest === undefined || deepest.path.length === 0) return issue;
  const inner = innermost(deepest);
  return { path: [...issue.path, ...inner.path], message: inner.message };
}
