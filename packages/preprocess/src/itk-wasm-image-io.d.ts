// The package's own typings point to a file that does not exist (types: index-all.d.js).
declare module '@itk-wasm/image-io' {
  /** An image as itk-wasm hands it over: first axis fastest. */
  export interface ItkImage {
    readonly size: readonly number[];
    readonly data: unknown;
  }

  /** What a reader gives: no image when the file is of another format. */
  export interface ItkReadResult {
    readonly couldRead: boolean;
    readonly image?: ItkImage;
  }

  /** Node: reads a NIfTI file by its path, on the calling thread. */
  export function niftiReadImageNode(path: string): Promise<ItkReadResult>;

  /** Node: reads a DICOM file by its path, on the calling thread; values are scaled by slope and intercept. */
  export function gdcmReadImageNode(path: string): Promise<ItkReadResult>;

  /** Node: reads an NRRD file by its path, channels fastest. */
  export function nrrdReadImageNode(path: string): Promise<ItkReadResult>;

  /** Node: reads a MetaImage file by its path, channels fastest. */
  export function metaReadImageNode(path: string): Promise<ItkReadResult>;

  /** Browser: reads a DICOM file in memory; without a worker the loaded module is kept for the next file. */
  export function gdcmReadImage(
    file: { readonly path: string; readonly data: Uint8Array },
    options: { readonly webWorker: false },
  ): Promise<ItkReadResult>;

  /** Browser: where the modules are served; their own default is a public CDN. */
  export function setPipelinesBaseUrl(url: string): void;
}
