/** How the elements and pixels of a DICOM file are written. */
export interface TransferSyntax {
  /** True when each element names the type of its value. */
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  /** True when pixels are compressed, each frame in fragments. */
  readonly compressed: boolean;
}

const COMPRESSED: TransferSyntax = { explicit: true, littleEndian: true, compressed: true };

/** Every transfer syntax that is read (DICOM PS3.5 section 10, PS3.6 annex A), under its UID. */
const SYNTAXES: Readonly<Record<string, TransferSyntax>> = {
  '1.2.840.10008.1.2': { explicit: false, littleEndian: true, compressed: false },
  '1.2.840.10008.1.2.1': { explicit: true, littleEndian: true, compressed: false },
  '1.2.840.10008.1.2.2': { explicit: true, littleEndian: false, compressed: false },
  '1.2.840.10008.1.2.4.50': COMPRESSED, // JPEG baseline
  '1.2.840.10008.1.2.4.51': COMPRESSED, // JPEG extended
  '1.2.840.10008.1.2.4.57': COMPRESSED, // JPEG lossless
  '1.2.840.10008.1.2.4.70': COMPRESSED, // JPEG lossless, first-order prediction
  '1.2.840.10008.1.2.4.80': COMPRESSED, // JPEG-LS lossless
  '1.2.840.10008.1.2.4.81': COMPRESSED, // JPEG-LS near-lossless
  '1.2.840.10008.1.2.4.90': COMPRESSED, // JPEG 2000 lossless
  '1.2.840.10008.1.2.4.91': COMPRESSED, // JPEG 2000
  '1.2.840.10008.1.2.5': COMPRESSED, // run lengths
};

/** The syntax of a UID; undefined when it is not read. */
export function transferSyntaxOf(uid: string): TransferSyntax | undefined {
  return SYNTAXES[uid];
}
