/** Half-open box in voxels: `start` is inside, `end` is not; axes as `[D, H, W]`. */
export interface Box {
  readonly start: readonly [number, number, number];
  readonly end: readonly [number, number, number];
}

/** The smallest box that holds all boxes, or undefined when there is none. */
export function unionBox(boxes: readonly Box[]): Box | undefined {
  return boxes.length === 0 ? undefined : boxes.reduce(join);
}

function join(a: Box, b: Box): Box {
  return {
    start: [
      Math.min(a.start[0], b.start[0]),
      Math.min(a.start[1], b.start[1]),
      Math.min(a.start[2], b.start[2]),
    ],
    end: [Math.max(a.end[0], b.end[0]), Math.max(a.end[1], b.end[1]), Math.max(a.end[2], b.end[2])],
  };
}
