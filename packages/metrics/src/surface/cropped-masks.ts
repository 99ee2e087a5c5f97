import type { Box } from '../case/box.js';
import type { Grid, LabelMap } from '../grid.js';
import { LabelWords, type Words } from '../label-words.js';
import { ReusableArray } from './reusable-array.js';

/** The bit of a prediction and of a reference voxel; a byte apart, so that both neighbour codes fit in 16 bits. */
export const PREDICTION_BIT = 1;
export const REFERENCE_BIT = 256;

/** Both masks of one structure, cropped to their box, with a border of one empty voxel on every side. */
export interface CroppedMasks {
  /** Bits of the voxels in C-order, `[depth + 2, height + 2, width + 2]`. */
  readonly bits: Uint16Array;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly flat: boolean;
}

/** Crops the masks of structures out of two label maps, into one buffer that each crop reuses. */
export class MaskCropper {
  readonly #prediction: LabelWords;
  readonly #reference: LabelWords;
  readonly #grid: Grid;
  readonly #bits: ReusableArray<Uint16Array> = new ReusableArray((length) => new Uint16Array(length));

  constructor(prediction: LabelMap, reference: LabelMap, grid: Grid) {
    this.#prediction = new LabelWords(prediction);
    this.#reference = new LabelWords(reference);
    this.#grid = grid;
  }

  /** Masks of the voxels in `box` whose label is one of `ids`; valid until the next crop. */
  crop(box: Box, ids: readonly number[]): CroppedMasks {
    const [depth, height, width] = [0, 1, 2].map((a) => (box.end[a] ?? 0) - (box.start[a] ?? 0)) as [
      number,
      number,
      number,
    ];
    const size = (depth + 2) * (height + 2) * (width + 2);
    const bits = this.#bits.take(size);
    bits.fill(0, 0, size);
    const predictionBit = this.#prediction.table(ids, () => PREDICTION_BIT);
    const referenceBit = this.#reference.table(ids, () => REFERENCE_BIT);
    const [firstDepth, firstHeight, firstWidth] = box.start;
    for (let d = 0; d < depth; d++) {
      for (let h = 0; h < height; h++) {
        const source =
          ((firstDepth + d) * this.#grid.height + firstHeight + h) * this.#grid.width + firstWidth;
        const target = ((d + 1) * (height + 2) + h + 1) * (width + 2) + 1;
        markRow(this.#prediction.words, predictionBit, source, bits, target, width);
        markRow(this.#reference.words, referenceBit, source, bits, target, width);
      }
    }
    return { bits, depth, height, width, flat: this.#grid.flat };
  }
}

/** Sets the bit of each voxel of a row, as the table has it for the voxel's word. */
function markRow(
  words: Words,
  bitOf: Uint16Array,
  source: number,
  bits: Uint16Array,
  target: number,
  width: number,
): void {
  const known = bitOf.length;
  for (let w = 0; w < width; w++) {
    const word = words[source + w] as number;
    if (word < known) bits[target + w] = (bits[target + w] as number) | (bitOf[word] as number);
  }
}
