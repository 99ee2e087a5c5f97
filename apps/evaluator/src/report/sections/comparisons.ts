import { comparisonChart } from '../charts/comparison-chart.js';
import { duration, fixed, interval, signed, undefinedMark } from '../format.js';
import { type Html, html } from '../html.js';
import { colouredClasses } from '../palette.js';
import type { Comparison, ReportClass, ReportData } from '../report-data.js';
import type { Section } from './section.js';

type Score = Comparison['dsc'][number];

function scoreOf(comparison: Comparison | undefined, classId: number): Score | undefined {
  return comparison?.dsc.find((score) => score.classId === classId);
}

function difference(score: Score | undefined, base: Score | undefined): string {
  if (typeof score?.mean !== 'number' || typeof base?.mean !== 'number') return undefinedMark;
  return signed(score.mean - base.mean, 3);
}

function scoreCells(comparison: Comparison, first: Comparison | undefined, { id, name }: ReportClass): Html {
  const score = scoreOf(comparison, id);
  const change = comparison === first ? '' : difference(score, scoreOf(first, id));
  return html`<td>${name}</td><td class="number strong">${fixed(score?.mean, 3)}</td><td class="range">${interval(score?.low ?? null, score?.high ?? null, 3)}</td><td class="number">${change}</td>`;
}

function rows(
  comparison: Comparison,
  first: Comparison | undefined,
  classes: readonly ReportClass[],
): Html[] {
  const time = comparison.seconds === undefined ? undefinedMark : duration(comparison.seconds);
  return classes.map((each, index) => {
    const cells = scoreCells(comparison, first, each);
    if (index > 0) return html`<tr>${cells}</tr>`;
    return html`<tr class="first"><th scope="rowgroup" rowspan="${classes.length}"><b>${comparison.label}</b><br><span class="quiet">${comparison.explanation}</span></th>${cells}<td class="number" rowspan="${classes.length}">${time}</td></tr>`;
  });
}

function table(data: ReportData): Html {
  const first = data.comparisons[0];
  return html`<table class="variants"><thead><tr><th scope="col">Variant</th><th scope="col">Class</th><th class="number" scope="col">DSC</th><th class="number" scope="col">95 % interval</th><th class="number" scope="col">change</th><th class="number" scope="col">training</th></tr></thead>
<tbody>${data.comparisons.flatMap((comparison) => rows(comparison, first, data.classes))}</tbody></table>`;
}

/** What the text does: the same held-out cases under other texts, and without any. */
export function comparisonsSection(data: ReportData): Section {
  const body = html`<p>The same held-out cases, segmented again with other texts or by a network without text. "Change" is the difference of the means to the first variant.</p>
${comparisonChart(data.comparisons, colouredClasses(data.classes))}${table(data)}`;
  return { id: 'text', heading: 'What the text does', body };
}
