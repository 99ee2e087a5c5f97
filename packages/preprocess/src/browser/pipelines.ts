import { PreprocessError } from '../errors.js';

/** Where a page serves the two files of itk-wasm that decode compressed DICOM. */
export interface PipelineOptions {
  /** URL of the folder that holds `gdcm-read-image.js` and `gdcm-read-image.wasm.zst`, e.g. `/pipelines`. */
  readonly pipelines?: string;
  /** Allows `pipelines` on another host than the page's own. */
  readonly allowOtherHost?: boolean;
}

/** The address of the page or worker that runs the code. */
export type Page = Pick<Location, 'href' | 'origin'>;

const HINT =
  'serve gdcm-read-image.js and gdcm-read-image.wasm.zst of node_modules/@itk-wasm/image-io/dist/pipelines, and name their folder: { pipelines: "/pipelines" }';

/**
 * The absolute URL of the folder of pipelines, without a slash at its end. Throws `pipelines-missing` when none is
 * named, and `pipelines-elsewhere` for another host (outside a page: any host), unless that is allowed.
 */
export function pipelinesUrl(
  { pipelines, allowOtherHost = false }: PipelineOptions,
  page: Page | undefined,
): string {
  if (pipelines === undefined) {
    throw fault(
      'pipelines-missing',
      'compressed DICOM needs itk-wasm, and options.pipelines does not say where',
    );
  }
  const url = URL.canParse(pipelines, page?.href) ? new URL(pipelines, page?.href) : undefined;
  if (url === undefined) throw fault('pipelines-missing', 'options.pipelines is no URL');
  if (url.origin !== page?.origin && !allowOtherHost) {
    const message = `options.pipelines is on ${url.origin}, the page on ${page?.origin ?? 'none'}`;
    throw fault(
      'pipelines-elsewhere',
      message,
      'serve the files beside the page, or set allowOtherHost: true',
    );
  }
  return url.href.replace(/\/$/, '');
}

/** The error for pipelines that cannot be loaded. */
export function unreachablePipelines(url: string, cause: unknown): PreprocessError {
  return fault('pipelines-unreachable', `itk-wasm cannot be loaded from ${url}`, HINT, cause);
}

function fault(code: string, message: string, hint = HINT, cause?: unknown): PreprocessError {
  return new PreprocessError(code, message, { kind: 'usage', hint, cause });
}
