/** Three numbers along the three axes: mm in world space, voxels in array space. */
export type Vector3 = readonly [number, number, number];

/** Sixteen numbers, row-major 4 x 4: voxel indices `(d, h, w, 1)` to RAS millimetres. */
export type Affine = readonly [
  ...[number, number, number, number],
  ...[number, number, number, number],
  ...[number, number, number, number],
  ...[number, number, number, number],
];

/** The images of the three voxel axes, in mm per voxel. */
export type Columns = readonly [Vector3, Vector3, Vector3];

/** The affine whose voxel axes step by `columns` (mm) and whose first voxel lies at `origin` (RAS mm). */
export function fromColumns(columns: Columns, origin: Vector3): Affine {
  const [a, b, c] = columns;
  return [a[0], b[0], c[0], origin[0], a[1], b[1], c[1], origin[1], a[2], b[2], c[2], origin[2], 0, 0, 0, 1];
}

/** The step of each voxel axis, in mm. */
export function columnsOf(affine: Affine): Columns {
  return [
    [affine[0], affine[4], affine[8]],
    [affine[1], affine[5], affine[9]],
    [affine[2], affine[6], affine[10]],
  ];
}

/** RAS millimetres of the first voxel. */
export function originOf(affine: Affine): Vector3 {
  return [affine[3], affine[7], affine[11]];
}

/** The RAS position in mm of a voxel index, which need not be whole. */
export function voxelToWorld(affine: Affine, [d, h, w]: Vector3): Vector3 {
  return [
    affine[0] * d + affine[1] * h + affine[2] * w + affine[3],
    affine[4] * d + affine[5] * h + affine[6] * w + affine[7],
    affine[8] * d + affine[9] * h + affine[10] * w + affine[11],
  ];
}

/** The voxel spacing in mm along D, H and W: the lengths of the affine's columns. */
export function spacing(affine: Affine): Vector3 {
  const [a, b, c] = columnsOf(affine);
  return [norm(a), norm(b), norm(c)];
}

/** Determinant of the 3 x 3 part: signed volume of one voxel in mm^3. */
export function determinant(affine: Affine): number {
  const [a, b, c] = columnsOf(affine);
  return dot(a, cross(b, c));
}

/** True when two voxel axes are not perpendicular: the cosine between them exceeds `tolerance`. */
export function isSheared(affine: Affine, tolerance: number): boolean {
  const [a, b, c] = columnsOf(affine).map(unit) as [Vector3, Vector3, Vector3];
  return Math.max(Math.abs(dot(a, b)), Math.abs(dot(a, c)), Math.abs(dot(b, c))) > tolerance;
}

/** True when no entry of the two affines differs by more than `tolerance` (mm). */
export function affinesClose(a: Affine, b: Affine, tolerance: number): boolean {
  return a.every((value, index) => Math.abs(value - (b[index] as number)) <= tolerance);
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function norm(a: Vector3): number {
  return Math.sqrt(dot(a, a));
}

export function scaled(a: Vector3, factor: number): Vector3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function unit(a: Vector3): Vector3 {
  return scaled(a, 1 / norm(a));
}
