import type { RandomStream } from '@bipvl/nn';
import { type AugmentationStep, augmentPatch, type Patch, type Shape3, samplePatch } from '@bipvl/preprocess';
import type { SamplingConfig } from '../config/run-config.js';
import { TrainerError } from '../errors.js';
import type { CaseStore } from './case-store.js';

/** The patches of one step, channels-last: images [B, D, H, W, C], labels [B, D, H, W]. */
export interface PatchBatch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly shape: readonly [number, number, number, number, number];
  readonly caseIds: readonly string[];
}

export interface BatchOptions {
  readonly cases: readonly string[];
  readonly patch: Shape3;
  readonly sampling: SamplingConfig;
  readonly augmentation: readonly AugmentationStep[];
  /** Value around a case that is smaller than the patch. */
  readonly fill: number;
  /** The stream of the run; every patch is a function of it, the step and its place in the batch. */
  readonly random: RandomStream;
}

/** Draws the patches of any step, in any order: nothing is remembered between two calls. */
export class BatchSource {
  readonly #store: CaseStore;
  readonly #options: BatchOptions;

  constructor(store: CaseStore, options: BatchOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Steps in which every case is drawn at least once. */
  get stepsPerEpoch(): number {
    return Math.ceil(this.#options.cases.length / this.#options.sampling.batch);
  }

  /** The batch of a step, counted from 0. */
  draw(step: number): PatchBatch {
    const { batch } = this.#options.sampling;
    const ids = Array.from({ length: batch }, (_, place) => this.#caseAt(step, place));
    return stack(
      ids,
      ids.map((id, place) => this.#patch(id, step, place)),
    );
  }

  /** Each epoch goes through the cases in an order of its own; the last step of an epoch fills up from its beginning. */
  #caseAt(step: number, place: number): string {
    const { cases, sampling, random } = this.#options;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const rank = (step % this.stepsPerEpoch) * sampling.batch + place;
    const order = shuffled(cases, random.at('order', epoch).uniform());
    return order[rank % order.length] as string;
  }

  #patch(id: string, step: number, place: number): Patch {
    const { patch, sampling, fill, augmentation, random } = this.#options;
    const { image, label, index } = this.#store.get(id);
    const draw = random.at('patch', step, place).uniform();
    const { positiveFraction, balanceClasses } = sampling;
    const cut = samplePatch(image, label, index, {
      size: patch,
      positiveFraction,
      balanceClasses,
      fill,
      random: draw,
    });
    return augmentPatch(cut, augmentation, random.at('augmentation', step, place).uniform());
  }
}

function stack(caseIds: readonly string[], patches: readonly Patch[]): PatchBatch {
  const [first] = patches;
  if (first === undefined) throw emptyBatch();
  const images = new Float32Array(first.image.length * patches.length);
  const labels = new Int32Array(first.label.length * patches.length);
  for (const [place, { image, label }] of patches.entries()) {
    images.set(image, place * first.image.length);
    labels.set(label, place * first.label.length);
  }
  return { images, labels, caseIds, shape: [patches.length, ...first.size, first.channels] };
}

/** Fisher and Yates. */
function shuffled(ids: readonly string[], random: () => number): string[] {
  const order = [...ids];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as string, order[last] as string];
  }
  return order;
}

function emptyBatch(): TrainerError {
  return new TrainerError('empty-batch', 'a batch needs at least one patch, received none', {
    kind: 'usage',
    hint: 'set sampling.batch to 1 or more',
  });
}
