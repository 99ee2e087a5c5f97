import { MetricsError } from '../errors.js';

/** What is measured: one label of the label map, or a region, the union of several (such as the whole tumour). */
export type Label =
  | { readonly id: number; readonly name: string }
  | { readonly ids: readonly number[]; readonly name: string };

const LARGEST_ID = 65_535;
// Voxels are counted for every pair of ids: 128 MB at this number.
const MOST_IDS = 4095;

/** The ids of the voxels that belong to a label or region. */
export function idsOf(label: Label): readonly number[] {
  return 'ids' in label ? label.ids : [label.id];
}

/**
 * Checks names (unique) and ids (whole numbers 0..65535). Throws `MetricsError` `no-label`, `bad-label-id`,
 * `duplicate-label` or `too-many-labels`.
 */
export function requireLabels(labels: readonly Label[]): void {
  if (labels.length === 0) throw usage('no-label', 'labels is empty: expected at least one label');
  const names = new Set<string>();
  for (const label of labels) {
    if (names.has(label.name)) {
      throw usage('duplicate-label', `label name "${label.name}" occurs twice: expected unique names`);
    }
    names.add(label.name);
    requireIds(label);
  }
  const different = new Set(labels.flatMap(idsOf)).size;
  if (different <= MOST_IDS) return;
  throw usage('too-many-labels', `labels name ${different} different ids: expected at most ${MOST_IDS}`);
}

function requireIds(label: Label): void {
  const ids = idsOf(label);
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id > LARGEST_ID);
  if (wrong === undefined && ids.length > 0) return;
  throw usage(
    'bad-label-id',
    `label "${label.name}" has the ids [${ids}]: expected whole numbers from 0 to ${LARGEST_ID}`,
  );
}

function usage(code: string, message: string): MetricsError {
  return new MetricsError(code, message, {
    kind: 'usage',
    hint: 'pass labels as [{ id: 1, name: "liver" }, ...]',
  });
}
