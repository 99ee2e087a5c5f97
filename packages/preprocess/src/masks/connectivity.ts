import { PreprocessError } from '../errors.js';

/** Neighbours of a voxel: those that share a face (6), a face or an edge (18), or a face, an edge or a corner (26). */
export type Connectivity = 6 | 18 | 26;

/** A row along W that comes before another in C order and touches it. */
export interface NeighbourRow {
  /** Planes away: -1 or 0. */
  readonly d: number;
  /** Rows away: -1, 0 or 1. */
  readonly h: number;
  /** By how many voxels a run reaches beyond its ends there. */
  readonly reach: number;
}

const ROWS: Readonly<Record<Connectivity, readonly NeighbourRow[]>> = {
  6: [
    { d: -1, h: 0, reach: 0 },
    { d: 0, h: -1, reach: 0 },
  ],
  18: [
    { d: -1, h: -1, reach: 0 },
    { d: -1, h: 0, reach: 1 },
    { d: -1, h: 1, reach: 0 },
    { d: 0, h: -1, reach: 1 },
  ],
  26: [
    { d: -1, h: -1, reach: 1 },
    { d: -1, h: 0, reach: 1 },
    { d: -1, h: 1, reach: 1 },
    { d: 0, h: -1, reach: 1 },
  ],
};

/** The rows before a row that touch it. Throws `bad-connectivity` for anything but 6, 18 and 26. */
export function neighbourRows(connectivity: Connectivity): readonly NeighbourRow[] {
  const rows = ROWS[connectivity];
  if (rows !== undefined) return rows;
  throw new PreprocessError('bad-connectivity', `connectivity is ${connectivity}, expected 6, 18 or 26`, {
    kind: 'usage',
    hint: 'give 6 for faces, 18 for faces and edges, 26 for corners too',
  });
}
