import type { DatasetLabel } from '../dataset/manifest.js';
import { median } from '../dataset/median.js';
import { PreprocessError } from '../errors.js';
import { perAxis } from '../geometry/per-axis.js';
import type { ChannelFingerprint, ClassFingerprint, Fingerprint, Spread } from './fingerprint.js';
import type { CaseFingerprint } from './fingerprint-case.js';
import { intensityStatistics } from './intensity-statistics.js';

/** What the fingerprint of a dataset says of the dataset itself. */
export interface FingerprintHeader {
  readonly dataset: string;
  readonly modality: readonly string[];
  readonly labels: readonly DatasetLabel[];
  readonly sampling: Fingerprint['sampling'];
}

/** The fingerprint of a dataset from those of its cases, each of which counts as much. Throws `no-cases`. */
export function combineFingerprints(
  cases: readonly CaseFingerprint[],
  header: FingerprintHeader,
): Fingerprint {
  const [first] = cases;
  if (first === undefined) throw withoutCases();
  const geometries = cases.map(({ geometry }) => geometry);
  return {
    schema: 'bipvl-fingerprint',
    version: 1,
    dataset: header.dataset,
    caseCount: cases.length,
    sampling: header.sampling,
    shape: spreadPerAxis(geometries.map(({ shape }) => shape)),
    spacing: spreadPerAxis(geometries.map(({ spacing }) => spacing)),
    orientations: tally(geometries.map(({ orientation }) => orientation)),
    channels: first.channels.map((_, channel) =>
      combineChannel(cases, channel, header.modality[channel] ?? ''),
    ),
    classes: header.labels.filter(({ id }) => id !== 0).map((label) => combineClass(cases, label)),
    cases: geometries,
  };
}

function combineChannel(
  cases: readonly CaseFingerprint[],
  channel: number,
  name: string,
): ChannelFingerprint {
  const samples = cases.flatMap(({ channels }) => channels[channel] ?? []);
  const ranges = samples.flatMap(({ range }) => (range === null ? [] : [range]));
  const range = [
    Math.min(...ranges.map(([low]) => low)),
    Math.max(...ranges.map(([, high]) => high)),
  ] as const;
  return {
    name,
    range: ranges.length === 0 ? null : range,
    all: intensityStatistics(joined(samples.map(({ all }) => all))),
    foreground: intensityStatistics(joined(samples.map(({ foreground }) => foreground))),
  };
}

function combineClass(cases: readonly CaseFingerprint[], { id, name }: DatasetLabel): ClassFingerprint {
  const counts = cases.map(({ classVoxels }) => classVoxels.get(id) ?? 0);
  const volumes = cases.flatMap(({ millilitres }, index) => {
    const count = counts[index] ?? 0;
    return count === 0 ? [] : [count * millilitres];
  });
  const total = cases.reduce((sum, { voxels }) => sum + voxels, 0);
  return {
    id,
    name,
    cases: volumes.length,
    millilitres: volumes.length === 0 ? null : spread(volumes),
    frequency: counts.reduce((sum, count) => sum + count, 0) / total,
  };
}

function spread(values: readonly number[]): Spread<number> {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

function spreadPerAxis(
  vectors: readonly (readonly [number, number, number])[],
): Spread<readonly [number, number, number]> {
  const spreads = perAxis((axis) => spread(vectors.map((vector) => vector[axis])));
  return {
    median: perAxis((axis) => spreads[axis].median),
    min: perAxis((axis) => spreads[axis].min),
    max: perAxis((axis) => spreads[axis].max),
  };
}

function tally(items: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of [...items].sort()) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function withoutCases(): PreprocessError {
  return new PreprocessError('no-cases', 'a fingerprint needs at least one case', {
    kind: 'usage',
    hint: 'give a dataset that has cases which are not held out',
  });
}
