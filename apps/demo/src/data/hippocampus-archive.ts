/** An archive on a public server, and how far its content and its server are trusted. */
export interface Archive {
  readonly url: string;
  /** In hexadecimal. Tells a damaged file; it is no proof against a forger, hence the limits below. */
  readonly md5: string;
  /** Of the archive, in bytes. */
  readonly maximumBytes: number;
  /** Of what comes out of it, in bytes. */
  readonly maximumUnpackedBytes: number;
  readonly maximumEntries: number;
  readonly patience: Patience;
}

/** How long a server is waited for, in milliseconds. */
export interface Patience {
  /** From the request to the first line of the answer. */
  readonly answer: number;
  /** Between two pieces of the content. */
  readonly piece: number;
  /** Before a second attempt. */
  readonly pause: number;
}

/** The folder that the archive holds, and the name under which the set is looked for. */
export const hippocampusFolderName = 'Task04_Hippocampus';

/**
 * The Medical Segmentation Decathlon's hippocampus set (Antonelli et al. 2022, CC BY-SA 4.0), 28.4 MB, from
 * its public mirror with the checksum that MONAI publishes for it.
 */
export const hippocampusArchive: Archive = {
  url: `https://msd-for-monai.s3-us-west-2.amazonaws.com/${hippocampusFolderName}.tar`,
  md5: '9d24dba78a72977dbd1d2e110310f31b',
  maximumBytes: 64 * 2 ** 20,
  maximumUnpackedBytes: 128 * 2 ** 20,
  maximumEntries: 2000,
  patience: { answer: 8_000, piece: 20_000, pause: 1_000 },
};
