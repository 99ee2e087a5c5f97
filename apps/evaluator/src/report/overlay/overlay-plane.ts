/** The three planes in which a case is shown. */
export type PlaneName = 'axial' | 'coronal' | 'sagittal';

/** What a plane shows on its four edges: R/L right and left of the patient, A/P anterior and posterior, S/I superior and inferior. */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** The area of one label in a plane: SVG path data in picture pixels. */
export interface LabelPath {
  readonly label: number;
  readonly path: string;
}

/** One plane of a case: a grey picture, and the labels over it as paths so that they stay sharp at any size. */
export interface OverlayPlane {
  readonly plane: PlaneName;
  /** Slice index along the plane's normal, from 0, and the number of slices. */
  readonly slice: number;
  readonly sliceCount: number;
  /** Size of the picture in pixels, and its scale. */
  readonly width: number;
  readonly height: number;
  readonly pixelsPerMm: number;
  /** Intensities shown as black and as white. */
  readonly window: readonly [low: number, high: number];
  /** Grey 8-bit PNG. */
  readonly png: Uint8Array;
  readonly letters: EdgeLetters;
  /** Outline of each reference label. */
  readonly reference: readonly LabelPath[];
  /** Filled area of each predicted label. */
  readonly predicted: readonly LabelPath[];
}
