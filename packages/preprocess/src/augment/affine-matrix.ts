/** A 3 x 3 matrix, row-major. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** A rotation in radians about each array axis, and a zoom along each. */
export interface AffineParameters {
  readonly rotation: readonly [number, number, number];
  /** Above 1 zooms out. */
  readonly scale: readonly [number, number, number];
}

/** `R_D * R_H * R_W * diag(scale)`, each rotation counter-clockwise seen from the end of its axis. */
export function affineMatrix({ rotation, scale }: AffineParameters): Matrix3 {
  const [sa, sb, sc] = [Math.sin(rotation[0]), Math.sin(rotation[1]), Math.sin(rotation[2])];
  const [ca, cb, cc] = [Math.cos(rotation[0]), Math.cos(rotation[1]), Math.cos(rotation[2])];
  const [x, y, z] = scale;
  return [
    x * cb * cc,
    -y * cb * sc,
    z * sb,
    x * (ca * sc + sa * sb * cc),
    y * (ca * cc - sa * sb * sc),
    -z * sa * cb,
    x * (sa * sc - ca * sb * cc),
    y * (sa * cc + ca * sb * sc),
    z * ca * cb,
  ];
}
