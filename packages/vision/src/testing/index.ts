export { type ProofResult, proveBackbone } from './prove-backbone.js';
export { type SmallBackbone, smallBackbones } from './small-backbones.js';
export type { BackboneClaim, CreateBackbone, Sides } from './subject.js';
