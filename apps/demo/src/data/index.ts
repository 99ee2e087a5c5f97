export type { DemoData, FindOptions } from './demo-data.js';
export { demoSplits } from './demo-splits.js';

export { findDemoData } from './find-demo-data.js';
