import { seededRandom } from '../../packages/metrics/dist/index.js';

export const shape = [256, 256, 128];
export const spacing = [1.5, 1.5, 2];
export const labels = Array.from({ length: 15 }, (_, index) => ({
  id: index + 1,
  name: `organ ${index + 1}`,
}));

/** Rough ellipsoids with radii scaled by `size`; the prediction's are displaced and of another roughness. */
export function labelMaps(size) {
  const random = seededRandom(7);
  const between = (low, high) => low + (high - low) * random();
  const reference = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const prediction = new Uint8Array(reference.length);
  for (const { id } of labels) {
    const centre = [between(40, 216), between(40, 216), between(25, 103)];
    const radii = [between(8, 34) * size, between(8, 34) * size, between(6, 24) * size];
    paint(reference, id, centre, radii, 0.9);
    const moved = centre.map((coordinate) => coordinate + between(-2, 2));
    paint(
      prediction,
      id,
      moved,
      radii.map((radius) => radius * between(0.92, 1.08)),
      1.1,
    );
  }
  return { prediction, reference };
}

function paint(map, id, centre, radii, roughness) {
  const [start, end] = [-1.3, 1.3].map((side) =>
    centre.map((c, axis) => Math.min(shape[axis], Math.max(0, Math.ceil(c + side * radii[axis])))),
  );
  for (let d = start[0]; d < end[0]; d++) {
    for (let h = start[1]; h < end[1]; h++) {
      for (let w = start[2]; w < end[2]; w++) {
        const squares = [d, h, w].map((x, axis) => ((x - centre[axis]) / radii[axis]) ** 2);
        const rough = 0.2 * Math.sin(d * roughness) * Math.sin(h * roughness) * Math.sin(w * roughness);
        const voxel = (d * shape[1] + h) * shape[2] + w;
        if (squares[0] + squares[1] + squares[2] + rough < 1 && map[voxel] === 0) map[voxel] = id;
      }
    }
  }
}

/** Voxels of the boxes around the labels, prediction and reference together. */
export function boxVoxels({ prediction, reference }) {
  const boxes = labels.map(() => ({ low: [Infinity, Infinity, Infinity], high: [-1, -1, -1] }));
  for (let voxel = 0; voxel < prediction.length; voxel++) {
    for (const id of [prediction[voxel], reference[voxel]]) {
      if (id === 0) continue;
      const place = [
        Math.floor(voxel / (shape[1] * shape[2])),
        Math.floor(voxel / shape[2]) % shape[1],
        voxel % shape[2],
      ];
      const { low, high } = boxes[id - 1];
      for (const axis of [0, 1, 2]) {
        low[axis] = Math.min(low[axis], place[axis]);
        high[axis] = Math.max(high[axis], place[axis]);
      }
    }
  }
  return boxes.reduce(
    (sum, { low, high }) =>
      sum + high.reduce((size, end, axis) => size * Math.max(0, end - low[axis] + 1), 1),
    0,
  );
}
