import type { LabelResult, NamedCase } from '@bipvl/metrics';

type Column = readonly [name: string, value: (result: LabelResult) => string | number | null];

const columns: readonly Column[] = [
  ['label', ({ label }) => ('id' in label ? label.id : label.ids.join('+'))],
  ['dsc', ({ dsc }) => dsc],
  ['hd95_mm', ({ hd95Mm }) => hd95Mm],
  ['nsd', ({ nsd }) => nsd],
  ['assd_mm', ({ assdMm }) => assdMm],
  ['iou', ({ iou }) => iou],
  ['precision', ({ precision }) => precision],
  ['recall', ({ recall }) => recall],
  ['reference_ml', ({ referenceVolumeMl }) => referenceVolumeMl],
  ['prediction_ml', ({ predictionVolumeMl }) => predictionVolumeMl],
  ['difference_ml', ({ volumeDifferenceMl }) => volumeDifferenceMl],
  ['presence', ({ presence }) => presence],
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
