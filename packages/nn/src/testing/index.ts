export { type Comparison, compare, compareGradient, type Tolerance } from './compare.js';
export {
  channelsLastTensor,
  type Fixture,
  fixtureCases,
  fixturesFolder,
  fixtureTensor,
  readFixture,
  type Sidecar,
  stored,
  tensorsUnder,
  toleranceOf,
} from './fixtures.js';
export { type GradientCheckOptions, gradientError } from './gradient-check.js';
export { numericGradient } from './numeric-gradient.js';
export { type SyntheticTensor, synthesise } from './synthetic.js';
