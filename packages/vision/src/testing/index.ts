export { type ProofResult, proveBackbone } from './prove-backbone.js';
export type { BackboneClaim, CreateBackbone, Sides } from './subject.js';
