/** True for names of NIfTI files; hidden ones, such as the `._` files of macOS archives, are no scans. */
export function isScanName(name: string): boolean {
  return /^[^.].*\.nii(\.gz)?$/.test(name);
}

/** The name of a NIfTI file without its ending. */
export function scanStem(name: string): string {
  return name.replace(/\.nii(\.gz)?$/, '');
}
