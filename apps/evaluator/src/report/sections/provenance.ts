import { count } from '../format.js';
import { html } from '../html.js';
import type { ReportData, Row } from '../report-data.js';
import { pairsTable, type Section } from './section.js';

function datasetRows({ dataset }: ReportData): Row[] {
  return [
    { key: 'name', value: dataset.name },
    { key: 'modality', value: dataset.modality },
    { key: 'licence', value: dataset.licence },
    { key: 'citation', value: dataset.citation },
    { key: 'labelled cases', value: count(dataset.caseCount) },
    { key: 'trained on', value: count(dataset.trainCount) },
    { key: 'validation (selection)', value: count(dataset.validationCount) },
    { key: 'held out (scores)', value: count(dataset.heldOutCount) },
    { key: 'fold', value: dataset.fold },
    { key: 'seed', value: dataset.seed },
  ];
}

/** Data, model and machine: what one needs to know to do it again. */
export function provenanceSection(data: ReportData): Section {
  const model = [
    { key: 'name', value: data.model.name },
    { key: 'trainable parameters', value: count(data.model.parameters) },
    ...data.model.rows,
  ];
  const body = html`<div class="columns"><div><h3>Data</h3>${pairsTable(datasetRows(data))}</div>
<div><h3>Model</h3>${pairsTable(model)}<h3>Machine and versions</h3>${pairsTable(data.environment)}</div></div>`;
  return { id: 'provenance', heading: 'Data, model and machine', body };
}
