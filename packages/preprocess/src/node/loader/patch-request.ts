import { shuffled } from '../../dataset/shuffled.js';
import { seededRandom } from '../../random.js';

/** Which patch is meant: everything that decides it, so that any thread makes the same one. */
export interface PatchRequest {
  readonly caseId: string;
  /** 32-bit key of the random numbers that place it. */
  readonly sampleKey: number;
  /** 32-bit key of the random numbers that augment it. */
  readonly augmentationKey: number;
}

/** The request of patch `n`, counted from 0; a pure function. */
export type PatchOrder = (n: number) => PatchRequest;

/** Goes through all cases in each epoch, in an order of its own; every patch has its own random numbers. */
export function shuffledOrder(caseIds: readonly string[], seed: number): PatchOrder {
  const sorted = [...caseIds].sort();
  let epoch = -1;
  let order: readonly string[] = [];
  return (n) => {
    const wanted = Math.floor(n / sorted.length);
    if (wanted !== epoch) order = shuffled(sorted, seededRandom(keyFrom(seededRandom(seed, -1 - wanted))));
    epoch = wanted;
    const draw = seededRandom(seed, n);
    return {
      caseId: order[n % sorted.length] as string,
      sampleKey: keyFrom(draw),
      augmentationKey: keyFrom(draw),
    };
  };
}

function keyFrom(draw: () => number): number {
  return Math.floor(draw() * 2 ** 32);
}
