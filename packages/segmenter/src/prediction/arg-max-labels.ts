import { NetworkError } from '@bipvl/nn';

/**
 * The channel of the largest logit at each voxel, the first of equals; logits C-order [D, H, W, K].
 * @throws NetworkError `non-finite-logits` when a logit is NaN or infinite.
 */
export function argMaxLabels(logits: Float32Array, classes: number): Uint16Array {
  const labels = new Uint16Array(logits.length / classes);
  for (let voxel = 0, at = 0; voxel < labels.length; voxel++) {
    let best = at;
    let sum = 0;
    for (const end = at + classes; at < end; at++) {
      const logit = logits[at] as number;
      sum += logit;
      if (logit > (logits[best] as number)) best = at;
    }
    // One addition a logit finds every NaN and infinity.
    if (!Number.isFinite(sum)) throw notFinite(voxel);
    labels[voxel] = best - (at - classes);
  }
  return labels;
}

function notFinite(voxel: number): NetworkError {
  return new NetworkError(
    'non-finite-logits',
    `the network gave a logit that is not finite at voxel ${voxel}`,
    {
      kind: 'numeric',
      hint: 'check that the image has finite voxels, and that training did not diverge',
    },
  );
}
