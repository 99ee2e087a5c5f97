import { drawChart, ink, valueAxis } from '../../apps/evaluator/dist/report/charts/draw-chart.js';

const title = 'Time over the voxels in the boxes of the labels';

/** The points and the line through them as an SVG file. */
export function growthChart(points, { slope, intercept }) {
  const far = Math.ceil(Math.max(...points.map(({ millions }) => millions)));
  const { markup } = drawChart({
    id: 'growth',
    description: title,
    width: 560,
    height: 320,
    option: {
      backgroundColor: '#ffffff',
      grid: { left: 66, right: 24, top: 16, bottom: 52 },
      xAxis: valueAxis('million voxels in the boxes of 15 labels', { nameGap: 30, min: 0, max: far }),
      yAxis: valueAxis('DSC, HD95 and NSD, ms', { nameGap: 44, min: 0 }),
      series: [
        {
          type: 'line',
          showSymbol: false,
          color: ink.quiet,
          data: [
            [0, intercept],
            [far, intercept + slope * far],
          ],
        },
        {
          type: 'scatter',
          symbolSize: 10,
          color: '#0072b2',
          data: points.map(({ millions, ms }) => [millions, ms]),
        },
      ],
    },
  });
  const [, start, rest] = /(<svg[^>]*>)(.*<\/svg>)/s.exec(markup);
  return `${start}\n<title>${title}</title>${rest}\n`;
}
