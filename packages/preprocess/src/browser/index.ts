export { type ReadScanOptions, readScan } from './read-scan.js';
