import {
  applyRecipe,
  applyTrace,
  buildPatchIndex,
  type CaseFiles,
  type PatchIndex,
  type Recipe,
  type Volume,
} from '@bipvl/preprocess';
import { readCaseImage, readLabel } from '@bipvl/preprocess/node';
import { TrainerError } from '../errors.js';

/** A case as the network sees it. */
export interface PreparedCase {
  readonly id: string;
  /** Float32, [D, H, W, C], oriented, resampled and normalised by the recipe. */
  readonly image: Volume<Float32Array>;
  /** 0 for background and j + 1 for the j-th label of the configuration, [D, H, W]. */
  readonly label: Volume<Uint8Array | Int32Array>;
  readonly index: PatchIndex;
}

export interface PrepareOptions {
  readonly recipe: Recipe;
  /** Label ids in the order of the output channels. */
  readonly labelIds: readonly number[];
  readonly backgroundAbove: number | null;
}

/** Reads and prepares one case. @throws TrainerError `no-label`, or the error of the file that cannot be read. */
export async function prepareCase(files: CaseFiles, options: PrepareOptions): Promise<PreparedCase> {
  if (files.label === undefined) throw withoutLabel(files.id);
  const { volume, trace } = applyRecipe(await readCaseImage(files), options.recipe);
  const label = toChannels(applyTrace(await readLabel(files.label), trace), options.labelIds);
  const image = { ...volume, data: Float32Array.from(volume.data) };
  const backgroundAbove = options.backgroundAbove ?? Number.NEGATIVE_INFINITY;
  return { id: files.id, image, label, index: buildPatchIndex(image, label, { backgroundAbove }) };
}

/** Memory that a prepared case takes, in bytes. */
export function bytesOf({ image, label }: PreparedCase): number {
  return image.data.byteLength + label.data.byteLength;
}

/** Label ids to output channels; an id that the configuration leaves out becomes background. */
function toChannels(label: Volume, ids: readonly number[]): Volume<Uint8Array | Int32Array> {
  const channelOf = new Map(ids.map((id, place) => [id, place + 1]));
  const data = ids.length < 256 ? new Uint8Array(label.data.length) : new Int32Array(label.data.length);
  for (let i = 0; i < data.length; i++) data[i] = channelOf.get(label.data[i] as number) ?? 0;
  return { ...label, data };
}

function withoutLabel(id: string): TrainerError {
  return new TrainerError('no-label', `case ${id} has no label file, and a run cannot learn from it`, {
    kind: 'data',
    hint: 'name its label in dataset.json, or take the case out of the split',
  });
}
