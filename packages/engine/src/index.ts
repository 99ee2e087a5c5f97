export { cacheFolder } from './cache-folder.js';
export type { ErrorKind } from './command-line/exit-codes.js';
export { type Diagnosis, doctor } from './doctor.js';
export { type EngineEnvironment, environment } from './environment.js';
export { EngineError } from './errors.js';
export type { Finding } from './finding.js';
export { install } from './install.js';
export type { InstallOptions, InstallReport } from './install-options.js';
export {
  type EngineOptions,
  type LoadedEngine,
  loadEngine,
  loadedEngine,
  type TensorFlow,
} from './load-engine.js';
export { type SelfTestReport, selfTest } from './self-test.js';
