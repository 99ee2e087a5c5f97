export type { DemoOptions } from './demo-options.js';
export { type DemoPaths, demoPaths } from './demo-paths.js';
export type { DemoResults } from './results.js';
export { runDemo } from './run-demo.js';
