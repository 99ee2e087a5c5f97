import type { Patch } from '../sampling/patch.js';
import type { Matrix3 } from './affine-matrix.js';
import { reflect } from './reflect.js';

/**
 * Fills the row `(d, h)` of `target` from the patch at `matrix * (target - centre) + centre`. The loop over the row
 * allocates nothing, calls nothing while it stays inside the patch, and takes each coordinate afresh, so that no error
 * adds up along the row.
 */
export function resampleRow(
  patch: Patch,
  matrix: Matrix3,
  d: number,
  h: number,
  target: Pick<Patch, 'image' | 'label'>,
): void {
  const { image, label, channels, size } = patch;
  const result = target.image;
  const labels = target.label;
  const [depth, height, width] = size;
  const [lastD, lastH, lastW] = [depth - 1, height - 1, width - 1];
  const [centreD, centreH, centreW] = [lastD / 2, lastH / 2, lastW / 2];
  const [td, th] = [d - centreD, h - centreH];
  const startX = matrix[0] * td + matrix[1] * th;
  const startY = matrix[3] * td + matrix[4] * th;
  const startZ = matrix[6] * td + matrix[7] * th;
  const [stepX, stepY, stepZ] = [matrix[2], matrix[5], matrix[8]];
  const [planeStride, rowStride] = [height * width * channels, width * channels];
  const row = (d * height + h) * width;
  let write = row * channels;
  for (let w = 0; w < width; w += 1) {
    const tw = w - centreW;
    let x = startX + stepX * tw + centreD;
    let y = startY + stepY * tw + centreH;
    let z = startZ + stepZ * tw + centreW;
    if (x < 0 || x > lastD) x = reflect(x, depth);
    if (y < 0 || y > lastH) y = reflect(y, height);
    if (z < 0 || z > lastW) z = reflect(z, width);
    // No coordinate is negative here, so cutting off the fraction rounds down, and does so in one instruction.
    const fromD = x | 0;
    const fromH = y | 0;
    const fromW = z | 0;
    const nearest = (((x + 0.5) | 0) * height + ((y + 0.5) | 0)) * width + ((z + 0.5) | 0);
    labels[row + w] = label[nearest] as number;
    const shareD = x - fromD;
    const shareH = y - fromH;
    const shareW = z - fromW;
    const nextD = fromD < lastD ? planeStride : 0;
    const nextH = fromH < lastH ? rowStride : 0;
    const nextW = fromW < lastW ? channels : 0;
    const start = fromD * planeStride + fromH * rowStride + fromW * channels;
    for (let a = start; a < start + channels; a += 1) {
      const b = a + nextH;
      const c = a + nextD;
      const e = c + nextH;
      const va = image[a] as number;
      const vb = image[b] as number;
      const vc = image[c] as number;
      const ve = image[e] as number;
      const na = va + ((image[a + nextW] as number) - va) * shareW;
      const nb = vb + ((image[b + nextW] as number) - vb) * shareW;
      const nc = vc + ((image[c + nextW] as number) - vc) * shareW;
      const ne = ve + ((image[e + nextW] as number) - ve) * shareW;
      const near = na + (nb - na) * shareH;
      const far = nc + (ne - nc) * shareH;
      result[write] = near + (far - near) * shareD;
      write += 1;
    }
  }
}
