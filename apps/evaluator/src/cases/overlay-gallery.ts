import { macroMean, type NamedCase } from '@bipvl/metrics';
import { orient, type Recipe, spacing, type Volume } from '@bipvl/preprocess';
import type { Label } from '@bipvl/segmenter';
import { renderOverlay } from '../report/overlay/render-overlay.js';
import type { CaseOverlay } from '../report/report-data.js';

type Picture = Omit<CaseOverlay, 'role' | 'dsc'> & { readonly dsc: number };

/** Pictures of cases, of which the worst, the median and the best are wanted in the end. Volumes are drawn at once and let go. */
export class OverlayGallery {
  readonly #labels: readonly Label[];
  readonly #recipe: Recipe;
  readonly #pictures: Picture[] = [];

  constructor(labels: readonly Label[], recipe: Recipe) {
    this.#labels = labels;
    this.#recipe = recipe;
  }

  /** Draws a case; `image`, `reference` and `prediction` lie on one grid. A case without any DSC has no place in a ranking. */
  add(result: NamedCase, image: Volume, reference: Volume, prediction: Volume): void {
    const dsc = macroMean(result, 'dsc');
    if (dsc === null) return;
    const upright = orient(image, 'RAS');
    const { data, shape, channels, affine } = upright;
    const planes = renderOverlay(
      { data, shape, channels, spacing: spacing(affine) },
      orient(reference, 'RAS').data,
      orient(prediction, 'RAS').data,
      this.#labels,
      this.#windowOption(),
    );
    this.#pictures.push({ caseId: result.caseId, dsc, planes });
  }

  /** Worst, median and best by mean DSC; of two cases worst and best, of one the median. */
  choose(): CaseOverlay[] {
    const sorted = this.#pictures.toSorted((a, b) => a.dsc - b.dsc || (a.caseId < b.caseId ? -1 : 1));
    const last = sorted.length - 1;
    const places = {
      worst: last > 0 ? 0 : undefined,
      median: last === 1 ? undefined : last >> 1,
      best: last > 0 ? last : undefined,
    };
    return (['worst', 'median', 'best'] as const).flatMap((role) => {
      const picture = sorted[places[role] ?? -1];
      return picture === undefined ? [] : [{ role, ...picture }];
    });
  }

  /** A recipe that windows intensities says which of them matter. */
  #windowOption(): { window?: [number, number] } {
    const { intensity } = this.#recipe;
    return intensity?.kind === 'window' ? { window: [intensity.low, intensity.high] } : {};
  }
}
