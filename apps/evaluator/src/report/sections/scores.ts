import { caseChart } from '../charts/case-chart.js';
import { count, fixed, interval } from '../format.js';
import { type Html, html } from '../html.js';
import { type ColouredClass, colouredClasses } from '../palette.js';
import type { ClassSummary, ReportData, Summary } from '../report-data.js';
import { chip, type Section } from './section.js';

function scoreCells(score: Summary, decimals: number): Html {
  return html`<td class="number strong">${fixed(score.mean, decimals)}</td><td class="range">${interval(score.low, score.high, decimals)}</td>`;
}

function classRow(each: ColouredClass, summary: ClassSummary | undefined): Html {
  const name = html`<th scope="row">${chip(each.colour)}${each.name}</th>`;
  if (!summary) return html`<tr>${name}<td colspan="9">no held-out score</td></tr>`;
  const { dsc, hd95Mm, nsd } = summary;
  return html`<tr>${name}${scoreCells(dsc, 3)}${scoreCells(hd95Mm, 2)}${scoreCells(nsd, 3)}<td class="number">${count(dsc.n)}</td><td class="number">${count(dsc.missed)}</td><td class="number">${count(dsc.hallucinated)}</td></tr>`;
}

function scoreTable(data: ReportData, classes: readonly ColouredClass[]): Html {
  const rows = classes.map((each) =>
    classRow(
      each,
      data.summary.find(({ classId }) => classId === each.id),
    ),
  );
  return html`<table>
<thead>
<tr><th rowspan="2" scope="col">Class</th><th colspan="2" class="group" scope="colgroup">DSC</th><th colspan="2" class="group" scope="colgroup">HD95 (mm)</th><th colspan="2" class="group" scope="colgroup">NSD at ${data.nsdToleranceMm} mm</th><th colspan="3" class="group" scope="colgroup">Cases</th></tr>
<tr><th class="number" scope="col">mean</th><th class="number" scope="col">95 % interval</th><th class="number" scope="col">mean</th><th class="number" scope="col">95 % interval</th><th class="number" scope="col">mean</th><th class="number" scope="col">95 % interval</th><th class="number" scope="col">scored</th><th class="number" scope="col">missed</th><th class="number" scope="col">halluc.</th></tr>
</thead>
<tbody>${rows}</tbody></table>`;
}

function readingGuide(toleranceMm: number): Html {
  return html`<div class="quiet">
<p><b>DSC</b>: overlap with the reference, 0 none to 1 perfect. <b>HD95</b>: distance between the two surfaces that 95 % of surface points stay below, smaller is better. <b>NSD</b>: share of the surface that lies within ${toleranceMm} mm of the other, 1 is best.</p>
<p><b>Missed</b>: the class is in the reference and the prediction has none of it. <b>Hallucinated</b>: the reverse. A dash means that a score is undefined.</p>
</div>`;
}

/** Held-out scores per class, and each case as a dot. */
export function scoresSection(data: ReportData): Section {
  const classes = colouredClasses(data.classes);
  const body = html`${scoreTable(data, classes)}<div class="columns">${caseChart(data.cases, data.summary, classes)}${readingGuide(data.nsdToleranceMm)}</div>`;
  return { id: 'scores', heading: 'Scores on the held-out cases', body };
}
