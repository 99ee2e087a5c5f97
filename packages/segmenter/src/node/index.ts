export { readBundle } from './read-bundle.js';
export { writeBundle } from './write-bundle.js';
