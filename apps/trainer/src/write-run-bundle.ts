import { loadState } from '@bipvl/nn';
import { writeBundle } from '@bipvl/segmenter/node';
import type { RunProgress } from './loop/run-progress.js';
import type { SessionParts } from './prepare/prepare-session.js';
import { productVersion } from './product-version.js';
import { disposeCheckpoint } from './run-folder/checkpoint-file.js';
import type { Checkpoints } from './run-folder/checkpoints.js';
import type { RunPaths } from './run-folder/run-paths.js';

/** Writes the bundle of a finished run: the best validated weights, or the last where nothing was validated. */
export async function writeRunBundle(
  { config, dataset, cases, segmenter, texts }: SessionParts,
  paths: RunPaths,
  checkpoints: Checkpoints,
  { step, best }: RunProgress,
): Promise<void> {
  if (best !== null && best.step !== step) {
    const checkpoint = await checkpoints.load(best.step);
    try {
      loadState(segmenter.network, checkpoint.network);
    } finally {
      disposeCheckpoint(checkpoint);
    }
  }
  await writeBundle(paths.bundle, {
    segmenter,
    recipe: config.recipe,
    modality: dataset.modality,
    conceptSet: texts?.conceptSet ?? null,
    tokenizer: texts?.definition ?? null,
    training: {
      dataset: dataset.name,
      licence: dataset.licence,
      reference: dataset.reference,
      cases: {
        train: cases.train.length,
        validation: cases.validation.length,
        heldOut: cases.heldOut.length,
      },
      seed: config.seed,
      steps: best?.step ?? step,
      validationDsc: best?.dsc ?? {},
    },
    product: { name: '@bipvl/trainer', version: productVersion() },
  });
}
