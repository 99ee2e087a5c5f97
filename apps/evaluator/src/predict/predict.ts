import { loadEngine } from '@bipvl/engine';
import { writeMask } from '@bipvl/preprocess/node';
import { type Bundle, type Predictor, predictVolume, requireOverlap } from '@bipvl/segmenter';
import { readBundle, readBundleManifest } from '@bipvl/segmenter/node';
import { checkOutFolder } from '../files/out-folder.js';
import { naming } from '../naming.js';
import { readScan, type ScanDemands } from './check-scan.js';
import { type ClassVolume, classVolumes } from './class-volumes.js';
import { listInputs, type PlannedFile } from './list-inputs.js';

/** How far `predict` is: `done` of `total` scans checked or predicted, and the windows of the scan at hand. */
export interface PredictProgress {
  readonly phase: 'check' | 'predict';
  readonly input: string;
  readonly done: number;
  readonly total: number;
  readonly windows?: { readonly done: number; readonly total: number };
}

/** Where masks go, and how windows are laid. */
export interface PredictOptions {
  /** Folder of the masks; made when missing. */
  readonly out: string;
  /** Share of a window that the next one covers again, in [0, 1). Default 0.5. */
  readonly overlap?: number;
  /** Stops at the next scan or window; masks that are written stay. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PredictProgress) => void;
  /** Called with one line for what is odd in a scan but harmless. */
  readonly onWarning?: (message: string) => void;
}

/** A scan that was segmented. */
export interface PredictedFile extends PlannedFile {
  readonly volumes: readonly ClassVolume[];
}

/**
 * Segments scans (NIfTI, NRRD, MHA, DICOM series) with a bundle: for each file, or each file of a folder, one mask of the same name in `out`, in the scan's own
 * geometry, written whole or not at all. All scans are checked first, and nothing is written when one of them is bad.
 * @throws EvaluatorError, NetworkError, PreprocessError or EngineError, naming the file.
 */
export async function predict(
  bundle: string,
  inputs: string | readonly string[],
  options: PredictOptions,
): Promise<PredictedFile[]> {
  if (options.overlap !== undefined) requireOverlap(options.overlap);
  const { modality } = await readBundleManifest(bundle);
  const demands = { modality, onWarning: options.onWarning };
  const planned = await listInputs(typeof inputs === 'string' ? [inputs] : inputs, options.out);
  await checkOutFolder(options.out);
  await checkAll(planned, demands, options);
  await loadEngine();
  const opened = await readBundle(bundle);
  const predictor = opened.segmenter.openPredictor();
  try {
    return await predictAll(planned, opened, predictor, options);
  } finally {
    predictor.dispose();
    opened.segmenter.network.dispose();
  }
}

async function checkAll(
  planned: readonly PlannedFile[],
  demands: ScanDemands,
  { onProgress, signal }: PredictOptions,
): Promise<void> {
  for (const [index, { input }] of planned.entries()) {
    signal?.throwIfAborted();
    await readScan(input, demands);
    onProgress?.({ phase: 'check', input, done: index + 1, total: planned.length });
  }
}

async function predictAll(
  planned: readonly PlannedFile[],
  { segmenter: { config }, recipe, about }: Bundle,
  predictor: Predictor,
  { overlap = 0.5, onProgress, signal }: PredictOptions,
): Promise<PredictedFile[]> {
  const predicted: PredictedFile[] = [];
  const total = planned.length;
  for (const { input, output } of planned) {
    const progress = { phase: 'predict', input, total } as const;
    const scan = await readScan(input, { modality: about.modality });
    const mask = await naming(input, () =>
      predictVolume(predictor, scan, {
        recipe,
        config,
        overlap,
        onWindow: (windowsDone, windows) => {
          signal?.throwIfAborted();
          onProgress?.({
            ...progress,
            done: predicted.length,
            windows: { done: windowsDone, total: windows },
          });
        },
      }),
    );
    await writeMask(output, mask);
    predicted.push({ input, output, volumes: classVolumes(mask, config.labels) });
    onProgress?.({ ...progress, done: predicted.length });
  }
  return predicted;
}
