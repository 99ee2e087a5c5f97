import type { Vector3 } from '../geometry/affine.js';
import type { TransferSyntax } from './transfer-syntax.js';

/** How the pixels of a slice are stored. */
export interface PixelFormat {
  readonly bitsAllocated: 8 | 16 | 32;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
}

/** All that is kept of one DICOM file: geometry and intensity, no text. */
export interface Slice {
  /** Tells series apart; never shown. */
  readonly seriesInstance: string;
  /** Two to eight capital letters such as CT, or `unknown`. */
  readonly modality: string;
  readonly syntax: TransferSyntax;
  readonly rows: number;
  readonly columns: number;
  readonly format: PixelFormat;
  readonly slope: number;
  readonly intercept: number;
  /** LPS mm of the centre of the first pixel. */
  readonly position: Vector3;
  /** Unit vectors (LPS) along a row, to the next column, and along a column, to the next row. */
  readonly rowDirection: Vector3;
  readonly columnDirection: Vector3;
  /** mm to the next row, and to the next column. */
  readonly spacing: readonly [rows: number, columns: number];
  /** mm from slice to slice as the file has it; it counts only for a series of one slice. */
  readonly thickness: number;
  readonly pixels: { readonly offset: number; readonly length: number };
}
