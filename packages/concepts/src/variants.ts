import { ConceptError } from './errors.js';
import type { ConceptSet } from './schema.js';
import { SLOTS } from './slots.js';
import type { EncoderTexts } from './text-formats.js';

/** Empty strings in the shape of a set's texts (`[N][6]` and `[N]`): what a model says when it is told nothing. */
export function blankConceptSet(set: ConceptSet): EncoderTexts {
  return {
    concepts: set.classes.map(() => SLOTS.map(() => '')),
    sentences: set.classes.map(() => ''),
  };
}

function isPermutation(order: readonly number[], length: number): boolean {
  const sorted = [...order].sort((a, b) => a - b);
  return sorted.length === length && sorted.every((value, index) => value === index);
}

/**
 * The same classes, each with the texts of another: class `i` gets the texts of class `order[i]`.
 * @throws ConceptError `invalid-order` if `order` is no permutation of 0 .. N-1.
 */
export function swapConceptSet(set: ConceptSet, order: readonly number[]): ConceptSet {
  if (!isPermutation(order, set.classes.length)) {
    throw new ConceptError(
      'invalid-order',
      `swap order [${order.join(', ')}] is no permutation of the ${set.classes.length} classes of "${set.name}"`,
      { kind: 'usage', hint: `Name every class index from 0 to ${set.classes.length - 1} once.` },
    );
  }
  return withConceptsOf(
    set,
    order.map((index) => set.classes[index]),
  );
}

/**
 * The classes of `set` with the texts of the first N classes of `other`, a set about something else.
 * @throws ConceptError `too-few-classes` if `other` has fewer classes than `set`.
 */
export function foreignConceptSet(set: ConceptSet, other: ConceptSet): ConceptSet {
  if (other.classes.length < set.classes.length) {
    throw new ConceptError(
      'too-few-classes',
      `"${other.name}" has ${other.classes.length} classes, fewer than the ${set.classes.length} of "${set.name}"`,
      { kind: 'usage', hint: 'Take the texts from a set with at least as many classes.' },
    );
  }
  return withConceptsOf(set, other.classes);
}

function withConceptsOf(
  set: ConceptSet,
  givers: readonly (ConceptSet['classes'][number] | undefined)[],
): ConceptSet {
  const classes = set.classes.map((each, index) => ({
    ...each,
    concepts: { ...(givers[index] ?? each).concepts },
  }));
  return { ...set, classes };
}
