import { existsSync } from 'node:fs';
import { environment } from '@bipvl/engine';
import { type ReportData, summaryTable, writeReport } from '@bipvl/evaluator';
import type { CaseFiles, Dataset, Splits } from '@bipvl/preprocess';
import { readDataset, writeAtomically } from '@bipvl/preprocess/node';
import { readLog, readRunConfig, runPaths } from '@bipvl/trainer';
import { type DemoData, demoSplits } from './data/index.js';
import type { DemoOptions } from './demo-options.js';
import { type DemoPaths, demoPaths } from './demo-paths.js';
import { type DemoEvaluation, evaluateDemo } from './evaluate-demo.js';
import { findData } from './find-data.js';
import { nextCommands } from './next-commands.js';
import { openReport } from './open-report.js';
import { type DemoPlan, makePlan } from './plan.js';
import { productVersion } from './product-version.js';
import { Progress } from './progress.js';
import { reportData } from './report-data.js';
import { type DemoResults, demoResults, summaryOf } from './results.js';
import { say } from './say.js';
import { sayWhere } from './say-where.js';
import { showFinished } from './show-finished.js';
import { comparisonTable } from './tables.js';
import { type TrainedModel, trainModel } from './train-model.js';
import { tryPrediction } from './try-prediction.js';

/** Everything that is known before the first step. */
interface Setting {
  readonly options: DemoOptions;
  readonly paths: DemoPaths;
  readonly data: DemoData;
  readonly dataset: Dataset;
  readonly splits: Splits;
  /** The fold that trains and validates; undefined where there is none, which the trainer refuses. */
  readonly fold: Splits['folds'][number] | undefined;
  readonly plan: DemoPlan;
}

/**
 * Trains BiPVL-Seg and its backbone without text, evaluates both on the held-out cases, and writes bundle, results and report into the run
 * folder. A finished run is shown again instead; an interrupted one goes on where it stopped.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const started = performance.now();
  const paths = demoPaths(options.out);
  if (existsSync(paths.report) && !options.fresh) return showFinished(paths, options);
  const setting = await prepare(options, paths);
  announce(setting);
  const withText = await trainModel('BiPVL-Seg', setting.plan.withText, paths.run, options);
  const noText =
    withText && (await trainModel('UNet without text', setting.plan.noText, paths.noText, options));
  if (withText === null || noText === null) return;
  const evaluation = await evaluateHeldOut(setting);
  const tried = await tryPrediction(paths, validationCase(setting));
  const results = demoResults(evaluation, {
    ...facts(setting, withText, noText),
    total_seconds: (performance.now() - started) / 1000,
  });
  // The report comes last: where it lies, the run is finished.
  await writeAtomically(paths.results, `${JSON.stringify(results, null, 2)}\n`);
  await writeReport(await page(setting, evaluation, results), paths.report);
  conclude(evaluation, results, paths, tried);
  await openReport(paths.report, options.environment);
}

async function prepare(options: DemoOptions, paths: DemoPaths): Promise<Setting> {
  const data = await findData(options);
  const dataset = await readDataset(data.folder);
  const splits = demoSplits(dataset);
  return {
    options,
    paths,
    data,
    dataset,
    splits,
    fold: splits.folds[options.fold],
    plan: makePlan(data, options),
  };
}

function announce(setting: Setting): void {
  const { data, dataset, splits, fold, plan, options } = setting;
  const { segmenter, steps } = plan.withText;
  say(`data: ${dataset.name}, ${dataset.cases.length} cases (${data.found})`);
  if (data.kind === 'phantom') say('These are synthetic images: the scores say nothing about real anatomy.');
  say(
    `plan: train BiPVL-Seg (${segmenter.backbone.name}, text, fusion) and the same backbone without text for ${steps} steps each on ${fold?.train.length ?? 0} cases, ` +
      `choose by ${usedForValidation(setting)} validation cases, then open ${splits.heldOut.length} held-out cases once and report.`,
  );
  say(`results go to ${options.out}; Ctrl-C saves and stops, the same command goes on.`);
}

/** Of the fold's validation cases, those that validation uses. */
function usedForValidation({ fold, plan }: Setting): number {
  const there = fold?.validation.length ?? 0;
  return Math.min(there, plan.withText.validation.cases ?? there);
}

/** The one moment at which held-out cases are opened. */
async function evaluateHeldOut({ dataset, splits, paths, plan, options }: Setting): Promise<DemoEvaluation> {
  const heldOut = new Set(splits.heldOut);
  const cases = dataset.cases.filter(({ id }) => heldOut.has(id));
  say(`\nheld-out cases: ${cases.length}, opened now for the first time`);
  const progress = new Progress('evaluating', options.environment);
  try {
    return await evaluateDemo({
      bundle: paths.bundle,
      noTextBundle: runPaths(paths.noText).bundle,
      cases,
      overlap: plan.withText.validation.overlap,
      signal: options.signal,
      onProgress: (done, total) => progress.update(done, total),
    });
  } finally {
    progress.stop();
  }
}

/** The prediction that the demonstration tries is of a validation case: held-out ones are opened once. */
function validationCase({ dataset, fold }: Setting): CaseFiles | undefined {
  const [first] = fold?.validation ?? [];
  return dataset.cases.find(({ id }) => id === first);
}

function facts(
  { data, options, plan }: Setting,
  withText: TrainedModel,
  noText: TrainedModel,
): Omit<Parameters<typeof demoResults>[1], 'total_seconds'> {
  return {
    data: data.kind,
    seed: options.seed,
    fold: options.fold,
    steps: plan.withText.steps,
    training_seconds: withText.seconds,
    noTextSeconds: noText.seconds,
    peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function page(setting: Setting, evaluation: DemoEvaluation, results: DemoResults): Promise<ReportData> {
  const { data, dataset, paths, splits, fold } = setting;
  return reportData({
    data,
    dataset,
    config: await readRunConfig(paths.run),
    evaluation,
    results,
    log: await readLog(runPaths(paths.run).log),
    counts: {
      train: fold?.train.length ?? 0,
      validation: usedForValidation(setting),
      heldOut: splits.heldOut.length,
    },
    engine: await environment(),
    createdAt: new Date().toISOString(),
    productVersion: productVersion(),
    commands: nextCommands(paths),
  });
}

function conclude(
  evaluation: DemoEvaluation,
  results: DemoResults,
  paths: DemoPaths,
  tried: string | undefined,
): void {
  const { labels } = evaluation.withText.segmenter.config;
  const [trained] = evaluation.contenders;
  say(`\n${summaryTable(summaryOf(evaluation, trained, labels), labels, { nsdToleranceMm: 1 })}`);
  say(`\nwhat the text does (held-out DSC)\n${comparisonTable(evaluation, results)}`);
  if (tried !== undefined) say(`\ntried on one case: ${tried}`);
  sayWhere(paths);
}
