import type { Grid } from '../grid.js';

type Vector = readonly [number, number, number];

/** Corner 4d + 2h + w of the cube; corners joined by an edge differ in the bit of that edge's axis. */
type Corner = number;

const AXIS_BITS: Vector = [4, 2, 1];
const ALL_CORNERS: readonly Corner[] = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * Size of the surface inside each neighbourhood of voxels, by its neighbour code: 256 areas in mm² for 2x2x2 voxels
 * (code = sum of 128 >> (4d + 2h + w)), or 16 lengths in mm for the 2x2 pixels of a flat grid (8 >> (2h + w)).
 *
 * The surface is the one that surface-distance sums (Nikolov et al. 2018, arXiv:1809.04430): marching cubes with
 * vertices at the midpoints of the edges. The side with fewer corners is cut off, one connected component at a time;
 * by symmetry it does not matter which side that is when both have four.
 */
export function surfelSizes(grid: Grid): Float64Array {
  const [depth, height, width] = grid.spacing;
  if (grid.flat) {
    return sizeByCode(0x0f, (component) => contourLength(component, height, width));
  }
  const faceAreas: Vector = [height * width, depth * width, depth * height];
  return sizeByCode(0xff, (component) => cutArea(component, faceAreas));
}

function sizeByCode(full: number, sizeOf: (component: readonly Corner[]) => number): Float64Array {
  return Float64Array.from({ length: full + 1 }, (_, code) => {
    const inside = cornersOf(code);
    const outside = cornersOf(full & ~code);
    const components = componentsOf(inside.length <= outside.length ? inside : outside);
    return components.reduce((sum, component) => sum + sizeOf(component), 0);
  });
}

function contourLength(component: readonly Corner[], height: number, width: number): number {
  if (component.length === 1) return Math.hypot(height, width) / 2;
  const [, alongHeight] = edgesByAxis(component);
  return alongHeight === 1 ? height : width;
}

function cutArea(component: readonly Corner[], faceAreas: Vector): number {
  const norm = (vector: Vector): number =>
    Math.hypot(vector[0] * faceAreas[0], vector[1] * faceAreas[1], vector[2] * faceAreas[2]);
  return cutPieces(component).reduce((sum, vector) => sum + norm(vector), 0);
}

/**
 * Area vectors, for unit voxels, of the planar pieces that cut a component off its cube: a triangle for a corner, a
 * rectangle for an edge, triangle and trapezoid for an L, a square for a face, a hexagon for a corner with its three
 * neighbours, and for the twisted path two triangles beside its middle edge and the quadrangle between them.
 */
function cutPieces(component: readonly Corner[]): readonly Vector[] {
  const edges = edgesByAxis(component);
  const across = (size: number): Vector => mapAxes(edges, (count) => (count === 0 ? size : 0));
  switch (component.length) {
    case 1:
      return [[1 / 8, 1 / 8, 1 / 8]];
    case 2:
      return [across(1 / 2)];
    case 3:
      return [across(1 / 2), [3 / 8, 3 / 8, 3 / 8]];
  }
  if (edges.includes(2)) return [across(1)];
  if (component.some((corner) => degree(corner, component) === 3)) return [[3 / 4, 3 / 4, 3 / 4]];
  const middle = middleEdge(component);
  const besideMiddle = AXIS_BITS.filter((bit) => bit !== middle);
  const triangles = besideMiddle.map((end) => mapAxes(AXIS_BITS, (bit) => (bit === end ? 0 : 1 / 4)));
  return [[1 / 2, 1 / 2, 1 / 2], ...triangles];
}

/** The axis bit of the edge between the two inner corners of a path of four. */
function middleEdge(component: readonly Corner[]): number {
  return component
    .filter((corner) => degree(corner, component) === 2)
    .reduce((bits, corner) => bits ^ corner, 0);
}

function edgesByAxis(component: readonly Corner[]): Vector {
  return mapAxes(
    AXIS_BITS,
    (bit) => component.filter((corner) => component.includes(corner ^ bit)).length / 2,
  );
}

function degree(corner: Corner, component: readonly Corner[]): number {
  return AXIS_BITS.filter((bit) => component.includes(corner ^ bit)).length;
}

function cornersOf(code: number): Corner[] {
  return ALL_CORNERS.filter((corner) => code & (128 >> corner));
}

function componentsOf(corners: readonly Corner[]): Corner[][] {
  const rest = new Set(corners);
  return corners.flatMap((corner) => (rest.has(corner) ? [takeComponent(corner, rest)] : []));
}

function takeComponent(start: Corner, rest: Set<Corner>): Corner[] {
  const component = [start];
  rest.delete(start);
  for (const corner of component) {
    for (const bit of AXIS_BITS) if (rest.delete(corner ^ bit)) component.push(corner ^ bit);
  }
  return component;
}

function mapAxes(vector: Vector, map: (value: number) => number): Vector {
  return [map(vector[0]), map(vector[1]), map(vector[2])];
}
