import { type Html, html } from '../html.js';
import type { ColouredClass } from '../palette.js';
import type { Comparison } from '../report-data.js';
import { drawChart, rowAxes, valueAxis } from './draw-chart.js';
import { chartLegend } from './legend.js';

type Score = Comparison['dsc'][number];

function scoreOf(comparison: Comparison, classId: number): Score | undefined {
  return comparison.dsc.find((score) => score.classId === classId);
}

/** Means as dots and their 95 % intervals as lines; a pair of nulls ends one line before the next. */
function seriesOf(
  each: ColouredClass,
  comparisons: readonly Comparison[],
  shift: number,
): Record<string, unknown>[] {
  const scores = comparisons.map((comparison, row) => ({
    row: row + shift,
    score: scoreOf(comparison, each.id),
  }));
  const means = scores.map(({ row, score }) => [score?.mean ?? null, row]);
  const whiskers = scores.flatMap(({ row, score }) => [
    [score?.low ?? null, row],
    [score?.high ?? null, row],
    [null, null],
  ]);
  const color = each.colour;
  return [
    { type: 'scatter', name: each.name, symbol: each.symbol, symbolSize: 10, color, data: means, z: 3 },
    {
      type: 'line',
      name: each.name,
      showSymbol: false,
      symbol: 'none',
      color,
      lineStyle: { width: 2.5 },
      data: whiskers,
    },
  ];
}

/** Held-out DSC of every variant, one row per variant, one mark per class, with the 95 % interval as a line. */
export function comparisonChart(comparisons: readonly Comparison[], classes: readonly ColouredClass[]): Html {
  const rows = [...comparisons].reverse();
  const span = classes.length > 3 ? 0.7 : 0.5;
  const step = span / Math.max(1, classes.length - 1);
  const series = classes.flatMap((each, index) =>
    seriesOf(each, rows, classes.length === 1 ? 0 : span / 2 - index * step),
  );
  const rowHeight = Math.max(44, 13 * classes.length);
  const chart = drawChart({
    id: 'comparisons',
    description: 'Held-out DSC with and without text, per class, with 95 % intervals',
    width: 1120,
    height: rows.length * rowHeight + 60,
    option: {
      grid: { left: 230, right: 24, top: 8, bottom: 48 },
      xAxis: valueAxis('held-out DSC, mean and 95 % interval', { nameGap: 28, min: 0, max: 1 }),
      yAxis: rowAxes(
        rows.map(({ label }) => label),
        218,
      ),
      series,
    },
  });
  return html`${chart}${chartLegend(classes.map(({ name, colour, symbol }) => ({ name, colour, symbol })))}`;
}
