export { affinePatch } from './augment/affine.js';
export type { AffineParameters } from './augment/affine-matrix.js';
export { augmentPatch } from './augment/augment.js';
export type {
  AffineStep,
  AugmentationStep,
  BlurStep,
  BrightnessStep,
  ContrastStep,
  FlipStep,
  GammaStep,
  LowResolutionStep,
  NoiseStep,
  ScaleStep,
  ShiftStep,
  ValueRange,
} from './augment/augmentation-step.js';
export { augmentationStepSchema } from './augment/augmentation-step-schema.js';
export { blurPatch } from './augment/blur.js';
export { type ContrastOptions, contrastPatch } from './augment/contrast.js';
export { type Axes, flipPatch, type LabelPairs } from './augment/flip.js';
export { type GammaOptions, gammaPatch } from './augment/gamma.js';
export { brightenPatch, scaleIntensity, shiftIntensity } from './augment/intensity.js';
export { lowResolutionPatch } from './augment/low-resolution.js';
export { noisePatch } from './augment/noise.js';
export { AUGMENTATION_PRESETS } from './augment/presets.js';
export { flipsSidesUnpaired, withoutSideFlips } from './augment/side-flips.js';
export { isCaseId } from './dataset/case-id.js';
export type { CaseFiles, Dataset } from './dataset/dataset.js';
export type { Fault } from './dataset/fault.js';
export { type DatasetLabel, type Manifest, manifestSchema } from './dataset/manifest.js';
export { parseJson } from './dataset/parse-json.js';
export { shuffled } from './dataset/shuffled.js';
export { type Fold, makeSplits, type SplitOptions, type Splits, splitsSchema } from './dataset/splits.js';
export { type ErrorKind, PreprocessError } from './errors.js';
export { combineFingerprints, type FingerprintHeader } from './fingerprint/combine-fingerprints.js';
export type {
  CaseGeometry,
  ChannelFingerprint,
  ClassFingerprint,
  Fingerprint,
  IntensityStatistics,
  Spread,
} from './fingerprint/fingerprint.js';
export {
  type CaseFingerprint,
  type ChannelSample,
  type FingerprintCaseOptions,
  fingerprintCase,
} from './fingerprint/fingerprint-case.js';
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
export {
  type ConnectedComponents,
  type ConnectivityOptions,
  connectedComponents,
} from './masks/connected-components.js';
export type { Connectivity } from './masks/connectivity.js';
export { type FillHolesOptions, fillHoles } from './masks/fill-holes.js';
export { type ComponentOptions, keepLargestComponent } from './masks/keep-largest-component.js';
export { labelRegions, type Region } from './masks/label-regions.js';
export { type LabelTable, type RemapOptions, remapLabels } from './masks/remap-labels.js';
export { removeSmallComponents, type SmallComponentOptions } from './masks/remove-small-components.js';
export { decodeMetaImage } from './meta-image/decode.js';
export { decodeNifti } from './nifti/decode.js';
export { type EncodedPair, type EncodeOptions, encodeNifti, encodeNiftiPair } from './nifti/encode.js';
export { DEFAULT_LIMITS, type NiftiLimits, type ReadOptions } from './nifti/limits.js';
export { parseNifti } from './nifti/parse.js';
export type { StoredGeometry } from './nifti/stored-geometry.js';
export { decodeNrrd } from './nrrd/decode.js';
export { generatePhantom, type PhantomCase, type PhantomOptions } from './phantom/generate-phantom.js';
export { PHANTOM_LABELS } from './phantom/labels.js';
export { seededRandom } from './random.js';
export { applyRecipe, applyTrace, type Prepared, prepareLabel } from './recipe/apply-recipe.js';
export { invertMask, invertRecipe } from './recipe/invert-recipe.js';
export { type Intensity, parseRecipe, type Recipe, recipeSchema } from './recipe/recipe.js';
export type { Trace, TraceStep } from './recipe/trace.js';
export { classTable } from './recipes/class-table.js';
export type {
  DatasetRecipe,
  NamedEntry,
  RecipeLabel,
  RecipeRegion,
  RecipeSampling,
  SplitPlan,
} from './recipes/dataset-recipe.js';
export {
  DATASET_RECIPES,
  type DatasetRecipeName,
  datasetRecipe,
  isDatasetRecipeName,
} from './recipes/dataset-recipes.js';
export { labelTable, needsRemapping } from './recipes/label-table.js';
export { recipeRegions } from './recipes/recipe-regions.js';
export { recipeSplits } from './recipes/recipe-splits.js';
export type { Patch } from './sampling/patch.js';
export {
  buildPatchIndex,
  type PatchIndex,
  type PatchIndexOptions,
  type VoxelCounts,
} from './sampling/patch-index.js';
export { type CasePlane, cutPatch, type PatchSource, volumeSource } from './sampling/patch-source.js';
export { drawPatch, type SampleOptions, type SamplingOptions, samplePatch } from './sampling/sample-patch.js';
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
