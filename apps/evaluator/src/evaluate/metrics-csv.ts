import type { LabelResult, NamedCase } from '@bipvl/metrics';

type Column = readonly [name: string, value: (result: LabelResult) => string | number | null];

const columns: readonly Column[] = [
  ['label', ({ label }) => ('id' in label ? label.id : label.ids.join('+'))],
  ['dsc', ({ dsc }) => dsc],
  ['hd95_mm', ({ hd95Mm }) => hd95Mm],
  ['nsd', ({ nsd }) => nsd],
  ['presence', ({ presence }) => presence],
  ['hd95_penalised_mm', ({ hd95PenalisedMm }) => hd95PenalisedMm],
  ['hd_mm', ({ hdMm }) => hdMm],
  ['assd_mm', ({ assdMm }) => assdMm],
  ['distance_to_reference_mm', (result) => result.meanDistanceToReferenceMm],
  ['distance_to_prediction_mm', (result) => result.meanDistanceToPredictionMm],
  ['centre_of_mass_distance_mm', ({ centreOfMassDistanceMm }) => centreOfMassDistanceMm],
  ['iou', ({ iou }) => iou],
  ['precision', ({ precision }) => precision],
  ['recall', ({ recall }) => recall],
  ['reference_ml', ({ referenceVolumeMl }) => referenceVolumeMl],
  ['prediction_ml', ({ predictionVolumeMl }) => predictionVolumeMl],
  ['difference_ml', ({ volumeDifferenceMl }) => volumeDifferenceMl],
  ['true_positive', ({ voxels }) => voxels.truePositive],
  ['false_positive', ({ voxels }) => voxels.falsePositive],
  ['false_negative', ({ voxels }) => voxels.falseNegative],
  ['true_negative', ({ voxels }) => voxels.trueNegative],
  ['name', ({ name }) => name],
];

/** One row a case and label (RFC 4180, lines end in LF); an undefined metric is an empty cell. */
export function metricsCsv(cases: readonly NamedCase[]): string {
  const header = ['case', ...columns.map(([name]) => name)];
  const rows = cases.flatMap(({ caseId, labels }) =>
    labels.map((result) => [caseId, ...columns.map(([, value]) => value(result))]),
  );
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
