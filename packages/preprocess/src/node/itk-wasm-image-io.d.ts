// The package's own typings point to a file that does not exist (types: index-all.d.js).
declare module '@itk-wasm/image-io' {
  /** An image as itk-wasm hands it over: first axis fastest. */
  export interface ItkImage {
    readonly size: readonly number[];
    readonly data: unknown;
  }

  /** Reads a NIfTI file by its path, on the calling thread. */
  export function niftiReadImageNode(
    path: string,
  ): Promise<{ readonly couldRead: boolean; readonly image?: ItkImage }>;
}
