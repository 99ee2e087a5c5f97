import type { Volume } from '@bipvl/preprocess';
import { readVolume } from '@bipvl/preprocess/node';
import { EvaluatorError } from '../errors.js';

/** What a scan must be for a bundle. */
export interface ScanDemands {
  /** Names of the channels that the bundle reads. */
  readonly modality: readonly string[];
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Reads a scan and checks that the bundle can segment it.
 * @throws PreprocessError of `readVolume`; EvaluatorError `channel-mismatch`, `not-finite`; all naming the file.
 */
export async function readScan(path: string, { modality, onWarning }: ScanDemands): Promise<Volume> {
  const volume = await readVolume(path, onWarning === undefined ? {} : { onWarning });
  if (volume.channels !== modality.length) throw wrongChannels(path, volume.channels, modality);
  const bad = volume.data.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return volume;
  throw new EvaluatorError('not-finite', `${path}: voxel ${bad} is ${volume.data[bad]}`, {
    kind: 'data',
    hint: 'replace NaN and infinite voxels in the scan',
  });
}

function wrongChannels(path: string, channels: number, modality: readonly string[]): EvaluatorError {
  const wanted = `${modality.length} (${modality.join(', ')})`;
  return new EvaluatorError(
    'channel-mismatch',
    `${path}: has ${channels} channel(s), the bundle reads ${wanted}`,
    {
      kind: 'data',
      hint: 'give one file with all channels the segmenter was trained on, in the same order',
    },
  );
}
