/** The fields of a NIfTI header that place the grid, exactly as the file stores them. */
export interface StoredGeometry {
  readonly version: 1 | 2;
  /** `pixdim[0..3]`: qfac and the three spacings. */
  readonly pixdim: readonly number[];
  readonly unitsCode: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** `quatern_b, quatern_c, quatern_d`. */
  readonly quaternion: readonly number[];
  /** `qoffset_x, qoffset_y, qoffset_z`. */
  readonly qoffset: readonly number[];
  /** `srow_x, srow_y, srow_z`: twelve numbers. */
  readonly srow: readonly number[];
}
