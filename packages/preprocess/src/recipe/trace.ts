import type { Grid } from '../geometry/grid.js';
import type { StoredGeometry } from '../nifti/stored-geometry.js';
import type { Box } from '../transforms/box.js';
import type { Reordering } from '../transforms/orient.js';
import type { Shape3 } from '../volume.js';

/** One geometric step as it happened; `before` is the grid that went in, so that the step can be undone. */
export type TraceStep =
  | { readonly kind: 'orient'; readonly sources: Reordering; readonly before: Grid }
  | {
      readonly kind: 'resample';
      readonly steps: readonly [number, number, number];
      readonly shape: Shape3;
      readonly before: Grid;
    }
  | { readonly kind: 'box'; readonly box: Box; readonly before: Grid };

/** What a recipe did to the geometry of one volume: JSON, enough to replay it on a label and to undo it exactly. */
export interface Trace {
  readonly native: Grid & { readonly geometry?: StoredGeometry };
  /** The grid that came out. */
  readonly prepared: Grid;
  readonly steps: readonly TraceStep[];
}
