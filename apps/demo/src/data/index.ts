export type { DemoData, FindOptions } from './demo-data.js';
export { demoSplits } from './demo-splits.js';
export { DemoDataError } from './errors.js';
export { findDemoData } from './find-demo-data.js';
