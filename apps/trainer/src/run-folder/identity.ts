import { createHash } from 'node:crypto';
import { type ConceptSet, canonicalJson, conceptSetHash } from '@bipvl/concepts';
import type { Splits } from '@bipvl/preprocess';
import type { ResolvedConfig } from '../config/run-config.js';
import { TrainerError } from '../errors.js';
import type { RunIdentity } from './checkpoint-file.js';

/** What of a configuration decides the numbers: all but where the data lie and how they are loaded. */
export function decisive({
  data: _data,
  loading: _loading,
  ...rest
}: ResolvedConfig): Omit<ResolvedConfig, 'data' | 'loading'> {
  return rest;
}

export interface IdentityParts {
  readonly config: ResolvedConfig;
  readonly splits: Splits;
  /** Hash of the prepared cases. */
  readonly cases: string;
  readonly conceptSet: ConceptSet | null;
  readonly tokenizerId: string | null;
}

export async function identify({
  config,
  splits,
  cases,
  conceptSet,
  tokenizerId,
}: IdentityParts): Promise<RunIdentity> {
  return {
    config: hashOf(decisive(config)),
    split: hashOf(splits),
    cases,
    concepts: conceptSet === null ? null : await conceptSetHash(withoutReview(conceptSet)),
    tokenizer: tokenizerId,
  };
}

/** A set that is signed while a run goes on has the same texts. */
function withoutReview({ review: _review, ...set }: ConceptSet): ConceptSet {
  return set;
}

/** @throws TrainerError `changed-since` naming what a checkpoint was made from and is no longer there. */
export function requireSame(now: RunIdentity, then: RunIdentity, folder: string): void {
  const parts = {
    config: 'configuration',
    split: 'split',
    cases: 'cases',
    concepts: 'concept set',
    tokenizer: 'tokenizer',
  };
  const changed = (Object.keys(parts) as (keyof RunIdentity)[]).filter((key) => now[key] !== then[key]);
  if (changed.length === 0) return;
  const names = changed.map((key) => parts[key]).join(', ');
  throw new TrainerError(
    'changed-since',
    `${folder}: cannot be resumed, changed since it was begun: ${names}`,
    {
      kind: 'data',
      hint: 'put the old files back, or begin again with --fresh',
    },
  );
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
