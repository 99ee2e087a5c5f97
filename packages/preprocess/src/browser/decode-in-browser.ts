import type { SliceSource } from '../dicom/read-series.js';
import { type PipelineOptions, pipelinesUrl, unreachablePipelines } from './pipelines.js';

/**
 * Decodes one compressed DICOM file by itk-wasm, on the calling thread: its module is loaded once and kept. Throws
 * `pipelines-...` when the module is not where the options say; rejects when the file is damaged.
 */
export async function decodeInBrowser(
  { name }: SliceSource,
  bytes: Uint8Array,
  options: PipelineOptions,
): Promise<unknown> {
  const url = pipelinesUrl(options, globalThis.location);
  const { gdcmReadImage, setPipelinesBaseUrl } = await import('@itk-wasm/image-io');
  setPipelinesBaseUrl(url);
  try {
    return (await gdcmReadImage({ path: fileNameOf(name), data: bytes }, { webWorker: false })).image?.data;
  } catch (cause) {
    throw isLoadFault(cause) ? unreachablePipelines(url, cause) : cause;
  }
}

// The module sees a file system of its own, in which a name must not be a path.
function fileNameOf(name: string): string {
  return `${name.replaceAll(/[^\w.-]/g, '_')}.dcm`;
}

/** Damaged pixels end in a number or a plain error; a failed request or import has these marks. */
function isLoadFault(cause: unknown): boolean {
  return cause instanceof TypeError || (cause instanceof Object && 'isAxiosError' in cause);
}
