import type { RandomStream } from '@bipvl/nn';
import { type Patch, shuffled } from '@bipvl/preprocess';
import type { LoadedPatch, PatchLoader, PatchOrder } from '@bipvl/preprocess/node';

/** The patches of one step, channels-last: images [B, D, H, W, C], labels [B, D, H, W]. */
export interface PatchBatch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
  readonly shape: readonly [number, number, number, number, number];
  readonly caseIds: readonly string[];
}

export interface BatchOrderOptions {
  /** The cases that train. */
  readonly cases: readonly string[];
  /** Patches a step. */
  readonly batch: number;
  /** The stream of the run; every patch is a function of it, the step and its place in the batch. */
  readonly random: RandomStream;
}

/** Steps in which every case is drawn at least once. */
export function stepsPerEpoch({ cases, batch }: BatchOrderOptions): number {
  return Math.ceil(cases.length / batch);
}

/** Which case and which random numbers each patch has; patch n is place n % batch of step n / batch. */
export function batchOrder(options: BatchOrderOptions): PatchOrder {
  const { batch, random } = options;
  return (n) => {
    const [step, place] = [Math.floor(n / batch), n % batch];
    return {
      caseId: caseAt(options, step, place),
      sampleKey: random.at('patch', step, place).key,
      augmentationKey: random.at('augmentation', step, place).key,
    };
  };
}

/** Each epoch goes through the cases in an order of its own; the last step of an epoch fills up from its beginning. */
function caseAt(options: BatchOrderOptions, step: number, place: number): string {
  const { cases, batch, random } = options;
  const steps = stepsPerEpoch(options);
  const order = shuffled(cases, random.at('order', Math.floor(step / steps)).uniform());
  return order[((step % steps) * batch + place) % order.length] as string;
}

/** The batches of a run: those of coming steps are made by other threads while a step is computed. */
export class BatchSource {
  readonly #loader: PatchLoader;
  readonly #batch: number;
  #patches: AsyncGenerator<LoadedPatch> | undefined;
  #next = 0;

  constructor(loader: PatchLoader, batch: number) {
    this.#loader = loader;
    this.#batch = batch;
  }

  /** The batch of a step, counted from 0; steps in their order are quickest. */
  async draw(step: number): Promise<PatchBatch> {
    const first = step * this.#batch;
    if (this.#patches === undefined || first !== this.#next) await this.#startAt(first);
    const loaded: LoadedPatch[] = [];
    while (loaded.length < this.#batch) loaded.push(await this.#take());
    return stack(loaded);
  }

  async #startAt(patch: number): Promise<void> {
    await this.#patches?.return(undefined);
    this.#patches = this.#loader.patches(patch);
    this.#next = patch;
  }

  async #take(): Promise<LoadedPatch> {
    const taken = await this.#patches?.next();
    this.#next += 1;
    return taken?.value as LoadedPatch;
  }
}

function stack(loaded: readonly LoadedPatch[]): PatchBatch {
  const [first] = loaded as [LoadedPatch];
  const { image, label, size, channels }: Patch = first.patch;
  const images = new Float32Array(image.length * loaded.length);
  const labels = new Int32Array(label.length * loaded.length);
  for (const [place, { patch }] of loaded.entries()) {
    images.set(patch.image, place * image.length);
    labels.set(patch.label, place * label.length);
  }
  const caseIds = loaded.map(({ caseId }) => caseId);
  return { images, labels, caseIds, shape: [loaded.length, ...size, channels] };
}
