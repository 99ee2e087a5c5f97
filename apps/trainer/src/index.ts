export { type CheckResult, type CheckRunOptions, check } from './check.js';
export { formatConfig, readConfigFile } from './config/config-file.js';
export { applyOverrides } from './config/overrides.js';
export { parseRunConfig } from './config/parse-run-config.js';
export type {
  OptimiserConfig,
  ResolvedConfig,
  RunConfig,
  RunConfigInput,
  SamplingConfig,
  SegmenterSettings,
  ValidationConfig,
} from './config/run-config.js';
export { splitsOf } from './data/run-cases.js';
export { TrainerError } from './errors.js';
export { list, type Names } from './list.js';
export type {
  CheckpointEvent,
  ClassScores,
  EndEvent,
  NoticeEvent,
  ProgressEvent,
  StartEvent,
  StepEvent,
  TrainEvent,
  ValidationEvent,
  ValidationScore,
} from './loop/train-event.js';
export { hippocampus } from './presets/hippocampus.js';
export { phantom } from './presets/phantom.js';
export { type Preset, presets } from './presets/presets.js';
export { preview } from './preview.js';
export type { TrainingReporter } from './report/reporter.js';
export {
  createTrainingReporter,
  type ReporterOptions,
  type ReportStream,
} from './report/training-reporter.js';
export { type ResumeOptions, resume } from './resume.js';
export type { RunManifest, Session } from './run-folder/manifest.js';
export { type LogEntry, readLog } from './run-folder/run-log.js';
export { type RunPaths, runPaths } from './run-folder/run-paths.js';
export { readRunConfig } from './run-folder/stored-config.js';
export { type TrainOptions, train } from './train.js';
export type { TrainResult } from './train-result.js';
