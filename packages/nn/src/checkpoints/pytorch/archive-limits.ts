/** Bounds on what an archive may ask for; each is named in the error it causes. */
export interface ArchiveLimits {
  /** Files in the archive. Default 100,000. */
  readonly maxEntries: number;
  /** Bytes of one file once unpacked. Default 8 GiB. */
  readonly maxEntryBytes: number;
  /** Bytes of all files once unpacked. Default 32 GiB. */
  readonly maxTotalBytes: number;
  /** Bytes of all tensors, or of all files once unpacked, over bytes of the archive. Default 100. */
  readonly maxRatio: number;
  /** Bytes of the program that describes the objects. Default 64 MiB. */
  readonly maxPickleBytes: number;
  /** Axes of a tensor. Default 8. */
  readonly maxDimensions: number;
}

export const defaultArchiveLimits: ArchiveLimits = {
  maxEntries: 100_000,
  maxEntryBytes: 2 ** 33,
  maxTotalBytes: 2 ** 35,
  maxRatio: 100,
  maxPickleBytes: 2 ** 26,
  maxDimensions: 8,
};
