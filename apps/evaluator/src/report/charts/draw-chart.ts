import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type Html, html, trusted, visibleText } from '../html.js';

use([LineChart, ScatterChart, GridComponent, SVGRenderer]);

/** Colours and type of every chart. */
export const ink = { text: '#1f2a33', quiet: '#5b6872', line: '#d5dbe0' } as const;

/** Without quotes: ECharts puts the font into style attributes as it is. */
export const chartFont = 'system-ui, Segoe UI, Helvetica Neue, Arial, sans-serif';

/** A chart: its place in the page (`id`), what it says in words, its size in pixels, and the option of ECharts. */
export interface ChartRequest {
  readonly id: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly option: EChartsCoreOption;
}

/**
 * The SVG as a still picture. Ids inside it count up over the life of the process: named after the chart they are unique
 * and the same each time. Styles for the mouse, the only use of classes, go.
 */
function asStillPicture(svg: string, id: string): string {
  return svg
    .replace(/<style[^>]*>.*?<\/style>/gs, '')
    .replace(/ class="[^"]*"| pointer-events="[^"]*"/g, '')
    .replace(/\bzr\d+-/g, `${id}-`);
}

/** Renders a chart to an SVG that stands in the page: no script, no motion, no outside file. */
export function drawChart({ id, description, width, height, option }: ChartRequest): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: chartFont, color: ink.text }, ...option });
    const svg = asStillPicture(chart.renderToSVGString(), id);
    return html`<div class="chart" role="img" aria-label="${description}">${trusted(svg)}</div>`;
  } finally {
    chart.dispose();
  }
}

/** An axis of numbers with a name, in the quiet style of the report. */
export function valueAxis(
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameTextStyle: { color: ink.quiet, fontSize: 12 },
    axisLabel: { color: ink.quiet, fontSize: 11 },
    axisLine: { show: true, onZero: false, lineStyle: { color: ink.line } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: '#eef1f3' } },
    ...more,
  };
}

/**
 * Vertical axes for named rows: points stand at y = 0, 1, 2 ... or between on the first axis, which is hidden; the second
 * has the names, within `width` pixels.
 */
export function rowAxes(names: readonly string[], width: number): Record<string, unknown>[] {
  const nameAxis = {
    type: 'category',
    position: 'left',
    data: names.map(visibleText),
    axisLabel: { color: ink.text, fontSize: 12, width, overflow: 'truncate' },
    axisLine: { show: false },
    axisTick: { show: false },
  };
  return [{ type: 'value', show: false, min: -0.5, max: names.length - 0.5 }, nameAxis];
}
