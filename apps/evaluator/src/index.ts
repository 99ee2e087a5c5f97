export {
  type CasesEvaluation,
  type CasesProgress,
  type EvaluateCasesOptions,
  evaluateCases,
  type NamedPredictor,
} from './cases/evaluate-cases.js';
export { EvaluatorError } from './errors.js';
export {
  type EvaluateOptions,
  type Evaluation,
  type EvaluationProgress,
  evaluateFolder,
  // Each verb of the command line is a function of its name.
  evaluateFolder as evaluate,
} from './evaluate/evaluate-folder.js';
export type { ClassVolume } from './predict/class-volumes.js';
export type { PlannedFile } from './predict/list-inputs.js';
export { type PredictedFile, type PredictOptions, type PredictProgress, predict } from './predict/predict.js';
export * from './report/index.js';
export { writeReport } from './report/write-report.js';
export { caseScores, summariseCases } from './summary/summarise-cases.js';
export { printSummaryTable, type SummaryTableOptions, summaryTable } from './summary/summary-table.js';
