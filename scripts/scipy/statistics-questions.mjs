import {
  brierScore,
  comparePaired,
  expectedCalibrationError,
  holm,
  predictiveEntropy,
  rankMethods,
  seededRandom,
  summarise,
  wilcoxonSignedRank,
} from '../../packages/metrics/dist/index.js';

const RESAMPLES = 100_000;

/** Questions on statistics: what SciPy is asked (`kind`, `input`), and our numbers. */
export function statisticsQuestions() {
  const random = seededRandom(21);
  const samples = [2, 3, 5, 8, 12, 21, 34, 50].map((n) => Array.from({ length: n }, () => normal(random)));
  return [
    ...samples.flatMap((values) => [summaryQuestion(values), ...wilcoxonQuestions(values)]),
    ...samples.slice(2).map((values) => bootstrapQuestion(values)),
    ...samples.slice(1).map((values) => pairedQuestion(values, random)),
    ...[1, 2, 5, 20].map((n) => holmQuestion(Array.from({ length: n }, () => random() ** 3))),
    rankQuestion('higher', random),
    rankQuestion('lower', random),
    ...[2, 4, 9].flatMap((classes) => calibrationQuestions(classes, random)),
  ];
}

/** A standard normal number, by Box and Muller. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function summaryQuestion(values) {
  const { mean, median, standardDeviation, min, max } = summarise(values);
  const ours = [mean, median, standardDeviation, min, max];
  return { name: `summary of ${values.length}`, kind: 'summary', input: { values }, ours };
}

function wilcoxonQuestions(values) {
  const n = values.length;
  // Whole numbers from -3 to 3: ties and zeros.
  const tied = values.map((value) => Math.round(1.5 * value));
  const question = (name, kind, differences, method) => {
    const { statistic, pValue } = wilcoxonSignedRank(differences, { method });
    return {
      name: `Wilcoxon of ${n}, ${name}`,
      kind,
      input: { values: differences },
      ours: [statistic, pValue],
    };
  };
  return [
    question('exact', 'wilcoxon exact', values, 'exact'),
    question('normal', 'wilcoxon normal', values, 'normal'),
    ...(n >= 8 ? [question('normal, tied', 'wilcoxon normal', tied, 'normal')] : []),
    ...(n >= 5 && n <= 12 ? [question('exact, tied', 'wilcoxon permutations', tied, 'exact')] : []),
  ];
}

/** Both sides draw resamples of their own, so that the ends agree to the error of drawing. */
function bootstrapQuestion(values) {
  const { interval, standardDeviation } = summarise(values, { resamples: RESAMPLES });
  return {
    name: `bootstrap interval of ${values.length}`,
    kind: 'bootstrap',
    input: { values, confidence: interval.confidence, resamples: RESAMPLES },
    ours: [interval.low, interval.high],
    tolerance: (0.08 * standardDeviation) / Math.sqrt(values.length),
  };
}

function pairedQuestion(first, random) {
  const second = first.map((value) => 0.8 * value + 0.5 * normal(random) + 0.2);
  const { meanDifference, wilcoxon, rankBiserial, cohensDz } = comparePaired(first, second);
  return {
    name: `paired comparison of ${first.length}`,
    kind: 'paired',
    input: { first, second },
    ours: [meanDifference, wilcoxon.pValue, rankBiserial, cohensDz],
  };
}

function holmQuestion(values) {
  return { name: `Holm of ${values.length}`, kind: 'holm', input: { values }, ours: holm(values) };
}

function rankQuestion(better, random) {
  const methods = ['a', 'b', 'c', 'd'].map((method) => [
    method,
    Array.from({ length: 15 }, () => Math.round(8 * random())),
  ]);
  const ranks = new Map(
    rankMethods(Object.fromEntries(methods), better).map(({ method, meanRank }) => [method, meanRank]),
  );
  return {
    name: `ranks, ${better} is better`,
    kind: 'ranks',
    input: { values: methods.map(([, values]) => values), higher: better === 'higher' },
    ours: methods.map(([method]) => ranks.get(method)),
  };
}

function calibrationQuestions(classes, random) {
  const rows = Array.from({ length: 300 }, () => {
    const weights = Array.from({ length: classes }, () => random() ** 4);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  });
  const reference = rows.map(() => Math.floor(classes * random()));
  const map = { values: Float64Array.from(rows.flat()), classes };
  const input = { rows, reference, bins: 15 };
  const question = (name, kind, ours, tolerance) => ({
    name: `${name} of ${classes} classes`,
    kind,
    input,
    ours,
    tolerance,
  });
  return [
    question('entropy', 'entropy', [...predictiveEntropy(map)], 1e-6),
    question('Brier score', 'brier', [brierScore(map, reference)]),
    question('calibration error', 'calibration', [expectedCalibrationError(map, reference)]),
  ];
}
