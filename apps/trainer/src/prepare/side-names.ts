import type { Label } from '@bipvl/segmenter';

const SIDE = /(?<![a-z])(left|right)(?![a-z])/i;

/** Whether the name of a class says left or right as a word, e.g. `left kidney` or `kidney_right`. */
export function namesSide(name: string): boolean {
  return SIDE.test(name);
}

/** Label ids of classes whose names differ by their side alone, left first. */
export function sidePairs(labels: readonly Label[]): [number, number][] {
  return labels.flatMap(({ id, name }): [number, number][] => {
    if (SIDE.exec(name)?.[1]?.toLowerCase() !== 'left') return [];
    const counterpart = name.replace(SIDE, 'right').toLowerCase();
    const right = labels.find((label) => label.name.toLowerCase() === counterpart);
    return right === undefined ? [] : [[id, right.id]];
  });
}
