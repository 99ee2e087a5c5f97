import { type Html, html } from '../html.js';
import { type ColouredClass, cyclic, dashes, palette } from '../palette.js';
import type { TrainingHistory } from '../report-data.js';
import { drawChart, valueAxis } from './draw-chart.js';
import { chartLegend, type LegendItem } from './legend.js';
import { type Point, thinOut } from './thin-out.js';

const mostPoints = 300;
const size = { width: 560, height: 280 } as const;
const grid = { left: 66, right: 24, top: 16, bottom: 46 };

function stepAxis(history: TrainingHistory): Record<string, unknown> {
  return valueAxis('step', { nameGap: 26, min: 0, max: Math.max(1, history.steps.at(-1)?.step ?? 1) });
}

/** Plain words for the losses of BiPVL-Seg; other names are shown as they are. */
const lossNames: Readonly<Record<string, string>> = {
  classEmbedding: 'class embedding',
  globalAlignment: 'global alignment',
  localAlignment: 'local alignment',
};

interface LossCurve extends LegendItem {
  readonly key: string;
  readonly dash: NonNullable<LegendItem['dash']>;
}

function lossCurves(history: TrainingHistory): LossCurve[] {
  const parts = new Set(history.steps.flatMap((step) => Object.keys(step.losses)));
  parts.delete('total');
  const partCurves = [...parts].map((key, index) => ({
    key,
    name: lossNames[key] ?? key,
    colour: cyclic(palette, index),
    dash: cyclic(dashes, index),
  }));
  return [{ key: 'total', name: 'total', colour: '#1f2a33', dash: 'solid' }, ...partCurves];
}

/** The loss and its parts over the steps, averaged in groups when there are many. */
export function lossChart(history: TrainingHistory): Html {
  const curves = lossCurves(history);
  const series = curves.map(({ key, colour, dash }) => ({
    type: 'line',
    showSymbol: false,
    color: colour,
    lineStyle: { width: key === 'total' ? 2.4 : 1.6, type: dash },
    data: thinOut(
      history.steps.map(({ step, losses }): Point => [step, losses[key] ?? Number.NaN]),
      mostPoints,
    ),
  }));
  const chart = drawChart({
    id: 'loss',
    description: 'Training loss and its parts over the training steps',
    ...size,
    option: {
      grid,
      xAxis: stepAxis(history),
      yAxis: valueAxis('loss', { nameGap: 46, scale: true }),
      series,
    },
  });
  return html`${chart}${chartLegend(curves)}`;
}

/** Validation DSC of each class over the steps. */
export function validationChart(history: TrainingHistory, classes: readonly ColouredClass[]): Html {
  const series = classes.map(({ name, colour, symbol }) => ({
    type: 'line',
    symbol,
    symbolSize: 8,
    color: colour,
    lineStyle: { width: 2 },
    data: history.validation.map(({ step, dsc }) => [step, dsc[name] ?? null]),
  }));
  const chart = drawChart({
    id: 'validation',
    description: 'Validation DSC of each class over the training steps',
    ...size,
    option: {
      grid,
      xAxis: stepAxis(history),
      yAxis: valueAxis('validation DSC', { nameGap: 46, min: 0, max: 1 }),
      series,
    },
  });
  const legend = classes.map(({ name, colour, symbol }) => ({
    name,
    colour,
    symbol,
    dash: 'solid' as const,
  }));
  return html`${chart}${chartLegend(legend)}`;
}

/** The learning rate over the steps. */
export function learningRateChart(history: TrainingHistory): Html {
  const points = history.steps.map(({ step, learningRate }): Point => [step, learningRate]);
  const line = { type: 'line', showSymbol: false, color: '#0072b2', lineStyle: { width: 2 } };
  return drawChart({
    id: 'learning-rate',
    description: 'Learning rate over the training steps',
    width: size.width,
    height: 190,
    option: {
      grid: { ...grid, left: 78 },
      xAxis: stepAxis(history),
      yAxis: valueAxis('learning rate', { nameGap: 58, min: 0 }),
      series: [{ ...line, data: thinOut(points, mostPoints) }],
    },
  });
}
