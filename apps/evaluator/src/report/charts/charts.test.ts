import { describe, expect, it } from 'vitest';
import { smallReport } from '../__fixtures__/small-report.js';
import { count, duration, fixed, signed } from '../format.js';
import { colouredClasses } from '../palette.js';
import { scaleBarMm } from '../sections/overlay-picture.js';
import { caseChart } from './case-chart.js';
import { comparisonChart } from './comparison-chart.js';
import { thinOut } from './thin-out.js';
import { lossChart, validationChart } from './training-charts.js';

const data = smallReport();
const classes = colouredClasses(data.classes);

describe('charts', () => {
  it('draw one curve per loss part and per class, and name them', () => {
    const loss = lossChart(data.training).markup;
    expect(loss.match(/<path[^>]*fill="none"[^>]*stroke="#(?:1f2a33|d55e00|56b4e9|009e73)"/gi)).toHaveLength(
      4,
    );
    for (const name of ['total', 'segmentation', 'class embedding', 'local alignment'])
      expect(loss).toContain(name);
    const validation = validationChart(data.training, classes).markup;
    for (const { name } of classes) expect(validation).toContain(name);
  });

  it('draw a dot per case and class at its score', () => {
    const markup = caseChart(data.cases, data.summary, classes).markup;
    const dots = markup.match(/fill="#(?:d55e00|56b4e9)"/gi) ?? [];
    expect(dots).toHaveLength(data.cases.length * classes.length);
    for (const { name } of classes) expect(markup).toContain(`>${name}</text>`);
  });

  it('name every variant of the comparison', () => {
    const markup = comparisonChart(data.comparisons, classes).markup;
    for (const { label } of data.comparisons) expect(markup).toContain(`>${label}</text>`);
  });

  it('show characters that turn text around by their code', () => {
    const [first] = data.comparisons;
    if (!first) throw new Error('the small report has comparisons');
    const markup = comparisonChart([{ ...first, label: 'a\u202Eb' }], classes).markup;
    expect(markup).toContain('>a[U+202E]b</text>');
  });

  it('hold no script, no style of motion and no outside address', () => {
    const markup = lossChart(data.training).markup;
    expect(markup).not.toMatch(/<script|@keyframes|<animate/);
    expect(markup.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:/);
  });
});

describe('thinOut', () => {
  it('averages neighbours and leaves short curves as they are', () => {
    const points = Array.from({ length: 10 }, (_, x) => [x, x * x] as const);
    expect(thinOut(points, 10)).toEqual(points);
    expect(thinOut(points, 5)).toEqual([
      [0.5, 0.5],
      [2.5, 6.5],
      [4.5, 20.5],
      [6.5, 42.5],
      [8.5, 72.5],
    ]);
    expect(
      thinOut(
        [
          [1, Number.NaN],
          [2, 3],
        ],
        5,
      ),
    ).toEqual([[2, 3]]);
  });
});

describe('numbers', () => {
  it('are written for people', () => {
    expect([
      fixed(-0.0001, 2),
      fixed(-1.5, 2),
      fixed(Number.NaN, 2),
      fixed(Number.POSITIVE_INFINITY, 1),
    ]).toEqual(['0.00', '−1.50', '–', '∞']);
    expect([signed(0.2, 1), signed(0.001, 1), signed(-0.2, 1), signed(null, 1)]).toEqual([
      '+0.2',
      '0.0',
      '−0.2',
      '–',
    ]);
    expect([count(999), count(1000), count(1234567)]).toEqual(['999', '1,000', '1,234,567']);
    expect([duration(3.21), duration(59.4), duration(305.4), duration(7380)]).toEqual([
      '3.2 s',
      '59 s',
      '5 min 5 s',
      '2 h 3 min',
    ]);
  });

  it('give a scale bar of a round length within a third of the picture', () => {
    expect([scaleBarMm(360, 7), scaleBarMm(360, 1), scaleBarMm(10, 9)]).toEqual([10, 100, 1]);
  });
});
