export { canDrawBars } from './can-draw-bars.js';
export { type ErrorKind, exitCodes } from './exit-codes.js';
export { Interrupted, Interruption } from './interruption.js';
export { reportError } from './report-error.js';
export { type ErrorDetails, isTypedError, TypedError } from './typed-error.js';
