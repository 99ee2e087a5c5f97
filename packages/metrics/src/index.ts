export {
  brierScore,
  expectedCalibrationError,
  predictiveEntropy,
} from './calibration/calibration.js';
export type { ProbabilityMap } from './calibration/probabilities.js';
export type { CaseResult, LabelResult, Presence, VoxelCounts } from './case/case-result.js';
export { evaluateCase } from './case/evaluate-case.js';
export { type EvaluateMaskOptions, evaluateMask } from './case/evaluate-mask.js';
export type { Label } from './case/labels.js';
export type { EvaluateOptions } from './case/options.js';
export { type ErrorKind, MetricsError } from './errors.js';
export type { GridOptions, LabelMap, Mask } from './grid.js';
export { type BoundaryIouOptions, boundaryIou } from './masks/boundary-iou.js';
export { centreOfMassDistance } from './masks/centre-of-mass.js';
export { type Components, type Connectivity, connectedComponents } from './masks/components.js';
export type { LesionCriteria } from './masks/lesion-criteria.js';
export { detectLesions, type LesionDetection, type LesionOptions } from './masks/lesion-detection.js';
export { type BootstrapOptions, bootstrapMean, type Interval } from './statistics/bootstrap.js';
export { type CasesComparison, type CompareCasesOptions, compareCases } from './statistics/compare-cases.js';
export { comparePaired, type PairedComparison } from './statistics/compare-paired.js';
export { holm } from './statistics/holm.js';
export { type MetricName, metricValue } from './statistics/metric-values.js';
export { type Random, seededRandom } from './statistics/random.js';
export { type MethodRank, rankMethods } from './statistics/rank-methods.js';
export {
  type CasesSummary,
  type LabelSummary,
  macroMean,
  type NamedCase,
  type PresenceCounts,
  summariseCases,
} from './statistics/summarise-cases.js';
export { type Summary, summarise } from './statistics/summary.js';
export { type WilcoxonResult, wilcoxonSignedRank } from './statistics/wilcoxon.js';
export { type RankedCase, worstCases } from './statistics/worst-cases.js';
export type { ConventionName } from './surface/conventions.js';
