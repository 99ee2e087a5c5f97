/** What a file may claim before it is refused; every limit is named in the error it causes. */
export interface NiftiLimits {
  /** Largest number of voxels, channels counted. */
  readonly maxVoxels: number;
  /** Largest size of the header extensions of NIfTI, and of the whole header of NRRD, MetaImage and DICOM, in bytes. */
  readonly maxExtensionBytes: number;
}

/** The limits that hold unless others are given. */
export const DEFAULT_LIMITS: NiftiLimits = { maxVoxels: 2 ** 31, maxExtensionBytes: 2 ** 20 };

/** How a file is read. */
export interface ReadOptions {
  readonly limits?: Partial<NiftiLimits>;
  /** Called with one line for what is odd but harmless, such as bytes after the last voxel. */
  readonly onWarning?: (message: string) => void;
}

export function resolveLimits(options: ReadOptions): NiftiLimits {
  return { ...DEFAULT_LIMITS, ...options.limits };
}
