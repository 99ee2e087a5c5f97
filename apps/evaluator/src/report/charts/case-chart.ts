import type { Html } from '../html.js';
import type { ColouredClass } from '../palette.js';
import type { CaseScores, ClassSummary } from '../report-data.js';
import { drawChart, ink, rowAxes, valueAxis } from './draw-chart.js';

const rowHeight = 46;

/** Spreads dots that would lie on each other: the golden ratio fills the row evenly, and the same way every time. */
function offset(index: number): number {
  return ((index * 0.618034) % 1) * 0.5 - 0.25;
}

/** Where the DSC axis starts, and the step between its marks: round numbers that leave no dot outside. */
function scoreAxis(cases: readonly CaseScores[]): { min: number; interval: number } {
  const scores = cases.flatMap((each) => each.classes.map(({ dsc }) => dsc ?? 1));
  const lowest = Math.min(1, ...scores) - 0.02;
  if (lowest < 0.4) return { min: 0, interval: 0.2 };
  return lowest < 0.8 ? { min: Math.floor(lowest * 10) / 10, interval: 0.1 } : { min: 0.8, interval: 0.05 };
}

/** Every held-out case as a dot, one row per class, with the mean as a bar: shows the spread that a mean hides. */
export function caseChart(
  cases: readonly CaseScores[],
  summary: readonly ClassSummary[],
  classes: readonly ColouredClass[],
): Html {
  const rows = [...classes].reverse();
  const series = rows.map(({ id, colour, symbol }, row) => ({
    type: 'scatter',
    symbol,
    symbolSize: 8,
    itemStyle: { color: colour, opacity: 0.75, borderColor: '#ffffff', borderWidth: 0.6 },
    data: cases.flatMap((each, index) => {
      const dsc = each.classes.find(({ classId }) => classId === id)?.dsc;
      return typeof dsc === 'number' ? [[dsc, row + offset(index)]] : [];
    }),
  }));
  const means = rows.flatMap(({ id }, row) => {
    const mean = summary.find(({ classId }) => classId === id)?.dsc.mean;
    return typeof mean === 'number' ? [[mean, row]] : [];
  });
  const meanSeries = {
    type: 'scatter',
    symbol: 'rect',
    symbolSize: [3, rowHeight * 0.7],
    itemStyle: { color: ink.text },
    data: means,
    z: 3,
  };
  const yAxis = rowAxes(
    rows.map(({ name }) => name),
    138,
  );
  return drawChart({
    id: 'cases',
    description: 'DSC of every held-out case, one row per class, with the mean',
    width: 560,
    height: rows.length * rowHeight + 62,
    option: {
      grid: { left: 150, right: 24, top: 8, bottom: 48 },
      xAxis: valueAxis('DSC of each held-out case', { nameGap: 28, max: 1, ...scoreAxis(cases) }),
      yAxis,
      series: [...series, meanSeries],
    },
  });
}
