export { readConceptSet } from './read-concept-set.js';
export { writeConceptSet } from './write-concept-set.js';
