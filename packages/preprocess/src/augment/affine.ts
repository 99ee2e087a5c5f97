import type { Patch } from '../sampling/patch.js';

/** A 3 x 3 matrix, row-major. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** A rotation in radians about each array axis, and a zoom along each. */
export interface AffineParameters {
  readonly rotation: readonly [number, number, number];
  /** Above 1 zooms out. */
  readonly scale: readonly [number, number, number];
}

/**
 * Rotates and scales a patch about its centre in one resampling: `source = R * diag(scale) * target` in voxels, with
 * `R = R_D * R_H * R_W`, trilinear for the image, nearest for the label, reflection about the outer faces
 * (MONAI's RandAffine with reflection padding).
 */
export function affinePatch(patch: Patch, parameters: AffineParameters): Patch {
  const matrix = affineMatrix(parameters);
  const image = new Float32Array(patch.image.length);
  const label =
    patch.label instanceof Uint8Array
      ? new Uint8Array(patch.label.length)
      : new Int32Array(patch.label.length);
  const [depth, height] = patch.size;
  for (let d = 0; d < depth; d += 1) {
    for (let h = 0; h < height; h += 1) resampleRow(patch, matrix, d, h, image, label);
  }
  return { ...patch, image, label };
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

/** Fills the row `(d, h)` of the result. The loop allocates nothing. */
function resampleRow(
  patch: Patch,
  m: Matrix3,
  d: number,
  h: number,
  image: Float32Array,
  label: Uint8Array | Int32Array,
): void {
  const { size, channels } = patch;
  const [depth, height, width] = size;
  const [cd, ch, cw] = [(depth - 1) / 2, (height - 1) / 2, (width - 1) / 2];
  const [td, th] = [d - cd, h - ch];
  const row = (d * height + h) * width;
  for (let w = 0; w < width; w += 1) {
    const tw = w - cw;
    const x = reflect(m[0] * td + m[1] * th + m[2] * tw + cd, depth);
    const y = reflect(m[3] * td + m[4] * th + m[5] * tw + ch, height);
    const z = reflect(m[6] * td + m[7] * th + m[8] * tw + cw, width);
    const nearest = (Math.round(x) * height + Math.round(y)) * width + Math.round(z);
    label[row + w] = patch.label[nearest] as number;
    const target = (row + w) * channels;
    for (let channel = 0; channel < channels; channel += 1) {
      image[target + channel] = trilinear(patch, x, y, z, channel);
    }
  }
}

/** Brings a coordinate into `[0, side - 1]` by reflection about the faces `-0.5` and `side - 0.5`. */
export function reflect(position: number, side: number): number {
  if (position >= 0 && position <= side - 1) return position;
  const folded = Math.abs(position + 0.5) % (2 * side);
  const inside = (folded < side ? folded : 2 * side - folded) - 0.5;
  return Math.min(side - 1, Math.max(0, inside));
}

function trilinear(
  { image, size, channels }: Patch,
  x: number,
  y: number,
  z: number,
  channel: number,
): number {
  const [depth, height, width] = size;
  const [d, h, w] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const a = ((d * height + h) * width + w) * channels + channel;
  const nextD = d < depth - 1 ? height * width * channels : 0;
  const nextH = h < height - 1 ? width * channels : 0;
  const nextW = w < width - 1 ? channels : 0;
  const [fd, fh, fw] = [x - d, y - h, z - w];
  const b = a + nextH;
  const c = a + nextD;
  const e = c + nextH;
  const near = blend(blend(image[a], image[a + nextW], fw), blend(image[b], image[b + nextW], fw), fh);
  const far = blend(blend(image[c], image[c + nextW], fw), blend(image[e], image[e + nextW], fw), fh);
  return blend(near, far, fd);
}

function blend(from: number | undefined, to: number | undefined, share: number): number {
  return (from as number) + ((to as number) - (from as number)) * share;
}
