export { type AffineParameters, affinePatch } from './augment/affine.js';
export { type AugmentationStep, augmentationStepSchema, augmentPatch } from './augment/augment.js';
export { type Axes, flipPatch, type LabelPairs } from './augment/flip.js';
export { scaleIntensity, shiftIntensity } from './augment/intensity.js';
export { AUGMENTATION_PRESETS } from './augment/presets.js';
export { isCaseId } from './dataset/case-id.js';
export type { Fault } from './dataset/check-case.js';
export type { CaseFiles, Dataset } from './dataset/dataset.js';
export { type DatasetLabel, type Manifest, manifestSchema } from './dataset/manifest.js';
export { parseJson } from './dataset/parse-json.js';
export { type Fold, makeSplits, type SplitOptions, type Splits, splitsSchema } from './dataset/splits.js';
export { type ErrorKind, PreprocessError } from './errors.js';
export {
  type Affine,
  affinesClose,
  determinant,
  spacing,
  type Vector3,
  voxelToWorld,
} from './geometry/affine.js';
export type { Grid } from './geometry/grid.js';
export { ORIENTATION_CODES, orientationCode } from './geometry/orientation.js';
export { decodeNifti } from './nifti/decode.js';
export { type EncodeOptions, encodeNifti } from './nifti/encode.js';
export { DEFAULT_LIMITS, type NiftiLimits, type ReadOptions } from './nifti/limits.js';
export { parseNifti } from './nifti/parse.js';
export type { StoredGeometry } from './nifti/stored-geometry.js';
export { generatePhantom, type PhantomCase, type PhantomOptions } from './phantom/generate-phantom.js';
export { PHANTOM_LABELS } from './phantom/labels.js';
export { seededRandom } from './random.js';
export { applyRecipe, applyTrace, type Prepared } from './recipe/apply-recipe.js';
export { invertMask, invertRecipe } from './recipe/invert-recipe.js';
export { type Intensity, parseRecipe, type Recipe, recipeSchema } from './recipe/recipe.js';
export type { Trace, TraceStep } from './recipe/trace.js';
export type { Patch } from './sampling/patch.js';
export {
  buildPatchIndex,
  type PatchIndex,
  type PatchIndexOptions,
  type VoxelSet,
} from './sampling/patch-index.js';
export { cutPatch, type SampleOptions, samplePatch } from './sampling/sample-patch.js';
export { smallestIntegers } from './smallest-integers.js';
export { stackChannels } from './stack-channels.js';
export {
  type Box,
  cropForeground,
  extractBox,
  type ForegroundOptions,
  foregroundBox,
  pad,
  padBox,
} from './transforms/box.js';
export {
  type NormaliseOptions,
  normaliseIntensity,
  type WindowOptions,
  windowIntensity,
} from './transforms/intensity.js';
export { orient } from './transforms/orient.js';
export { type Interpolation, resample, resampleGrid } from './transforms/resample.js';
export { type Shape3, type Volume, type VoxelArray, voxelCount } from './volume.js';
