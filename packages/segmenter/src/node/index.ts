export { readBundle, readBundleManifest } from './read-bundle.js';
export { writeBundle } from './write-bundle.js';
