import { fixed, signed } from '../format.js';
import { type Html, html } from '../html.js';
import type { CaseScores, ReportClass, ReportData } from '../report-data.js';
import type { Section } from './section.js';

/** Most table rows in a report, so that it stays a page and not a database. */
const mostRows = 4000;

function meanDsc({ classes }: CaseScores): number {
  const scores = classes.flatMap(({ dsc }) => (typeof dsc === 'number' ? [dsc] : []));
  return scores.length === 0 ? -1 : scores.reduce((sum, dsc) => sum + dsc, 0) / scores.length;
}

function caseRows(each: CaseScores, classes: readonly ReportClass[]): Html[] {
  return each.classes.map((score, index) => {
    const name = classes.find(({ id }) => id === score.classId)?.name ?? `class ${score.classId}`;
    const opening = index === 0 ? html`<tr class="first"><td>${each.caseId}</td>` : html`<tr><td></td>`;
    return html`${opening}<td>${name}</td><td>${fixed(score.dsc, 3)}</td><td>${fixed(score.hd95Mm, 2)}</td><td>${fixed(score.nsd, 3)}</td><td>${fixed(score.referenceMl, 2)}</td><td>${fixed(score.predictedMl, 2)}</td><td>${signed(score.differenceMl, 2)}</td><td>${relative(score.differenceMl, score.referenceMl)}</td></tr>`;
  });
}

function relative(differenceMl: number, referenceMl: number): string {
  return signed(referenceMl > 0 ? (differenceMl / referenceMl) * 100 : null, 1);
}

/** Scores and volumes of every held-out case, worst first. */
export function casesSection(data: ReportData): Section {
  const sorted = [...data.cases].sort((a, b) => meanDsc(a) - meanDsc(b));
  const shown = sorted.slice(0, Math.max(1, Math.floor(mostRows / Math.max(1, data.classes.length))));
  const rest = sorted.length - shown.length;
  const cut = rest > 0 ? ` The ${rest} best cases are left out here; results.json has them all.` : '';
  const body = html`<p>Worst first, by mean DSC. Volumes in millilitres; the difference is prediction minus reference.${cut}</p>
<table class="cases"><thead><tr><th scope="col">Case</th><th scope="col">Class</th><th scope="col">DSC</th><th scope="col">HD95 mm</th><th scope="col">NSD</th><th scope="col">Reference ml</th><th scope="col">Predicted ml</th><th scope="col">Difference ml</th><th scope="col">%</th></tr></thead>
<tbody>${shown.flatMap((each) => caseRows(each, data.classes))}</tbody></table>`;
  return { id: 'cases', heading: 'Every held-out case', body };
}
