const cases = [1, 2, 3].map((n) => ({
  image: `./imagesTr/case_${n}.nii.gz`,
  label: `./labelsTr/case_${n}.nii.gz`,
}));
const folds = [
  { train: ['case_1'], validation: ['case_2'] },
  { train: ['case_2'], val: ['case_1'] },
];

/** Honest files, of which the fuzzed ones are made. */
export const JSON_SEEDS = {
  manifest: [
    {
      name: 'A',
      modality: { 0: 'CT' },
      labels: { 0: 'background', 1: 'liver', 2: 'spleen' },
      training: cases,
    },
    {
      channel_names: { 0: 'T1', 1: 'T2' },
      labels: { background: 0, core: 1 },
      numTraining: 3,
      file_ending: '.nii.gz',
    },
    { name: 'B', reference: 'r', licence: 'CC', tensorImageSize: '3D', modality: { 0: 'MR' }, labels: { 0: 'b', 1: 'a' }, training: [], test: [] }, // biome-ignore format: one manifest
  ],
  splits: [{ train: ['case_1', 'case_2'], heldOut: ['case_3'], folds }, folds],
  recipe: [
    { orientation: 'RAS', spacing: [1.5, 1.5, 2], intensity: { kind: 'window', low: -175, high: 250 } },
    { orientation: null, spacing: null, intensity: { kind: 'zscore', nonZero: true, perChannel: true } },
    { crop: { threshold: 0, margin: [1, 2, 3] }, pad: [96, 96, 96], padValue: -1 },
  ],
};
