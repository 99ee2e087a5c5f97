const CASE = { image: './imagesTr/a.nii.gz', label: './labelsTr/a.nii.gz' };
const MANIFEST = { modality: { 0: 'CT' }, labels: { 0: 'background', 1: 'liver' }, training: [CASE] };

const changed = (change) => JSON.stringify({ ...MANIFEST, ...change });
const withImage = (image) => changed({ training: [{ ...CASE, image }] });
const withLabel = (label) => changed({ training: [{ ...CASE, label }] });
const withClasses = (labels) => changed({ labels });
const nested = (open, close, levels) => open.repeat(levels) + close.repeat(levels);

/** Name, text of dataset.json, code. */
const MANIFESTS = [
  ['empty', '', 'bad-json'],
  ['text', 'not JSON', 'bad-json'],
  ['cut', JSON.stringify(MANIFEST).slice(0, -5), 'bad-json'],
  ['binary', '\x00\x01\x02\xff', 'bad-json'],
  ['escape-codes', '{"\u001b[2J', 'bad-json'],
  ['null', 'null', 'bad-manifest'],
  ['number', '1e999', 'bad-manifest'],
  ['text-value', '"dataset"', 'bad-manifest'],
  ['list', '[]', 'bad-manifest'],
  ['lists-nested-65', nested('[', ']', 65), 'json-too-deep'],
  ['lists-nested-5-million', nested('[', ']', 5_000_000), 'json-too-deep'],
  ['objects-nested-100000', nested('{"a":', '}', 100_000), 'json-too-deep'],
  ['lists-never-closed', '['.repeat(1_000_000), 'json-too-deep'],
  ['values-4-million', `[${'0,'.repeat(4_000_000)}0]`, 'json-too-large'],
  ['20-mb-of-blanks', ' '.repeat(20 * 2 ** 20), 'json-too-large'],
  ['20-mb-in-one-text', JSON.stringify({ ...MANIFEST, name: 'x'.repeat(20 * 2 ** 20) }), 'json-too-large'],
  ['9-mb-name-not-closed', `{"name": "${'x'.repeat(9 * 2 ** 20)}`, 'bad-json'],
  ['backslashes-9-mb', `"${'\\'.repeat(9 * 2 ** 20)}`, 'bad-json'],
  ['number-of-a-million-digits', `{"labels": ${'9'.repeat(1_000_000)}}`, 'bad-manifest'],
  [
    'prototype-key',
    '{"__proto__": {"polluted": 1}, "labels": {"0": "background", "1": "liver"}}',
    'json-unsafe-text',
  ],
  ['prototype-label', withClasses(JSON.parse('{"0": "background", "__proto__": "1"}')), 'json-unsafe-text'],
  ['prototype-escaped', '{"\\u005f_proto__": 1}', 'json-unsafe-text'],
  ['control-character-in-class', withClasses({ 0: 'background', 1: 'li\u001b[31mver' }), 'json-unsafe-text'],
  ['control-character-in-channel', changed({ modality: { 0: 'CT\u0007' } }), 'json-unsafe-text'],
  ['control-character-in-key', withClasses({ 0: 'background', '1\u0000': 'liver' }), 'json-unsafe-text'],
  ['right-to-left-override', withClasses({ 0: 'background', 1: 'liver\u202exof' }), 'json-unsafe-text'],
  ['no-classes', changed({ labels: undefined }), 'bad-manifest'],
  ['classes-are-a-list', withClasses(['background', 'liver']), 'bad-manifest'],
  ['classes-are-text', withClasses('liver'), 'bad-manifest'],
  ['class-id-negative', withClasses({ 0: 'background', '-1': 'liver' }), 'bad-manifest'],
  ['class-id-65536', withClasses({ 0: 'background', 65536: 'liver' }), 'bad-manifest'],
  ['class-id-broken', withClasses({ 0: 'background', 1.5: 'liver' }), 'bad-manifest'],
  ['class-id-infinite', withClasses({ 0: 'background', '1e999': 'liver' }), 'bad-manifest'],
  ['class-id-is-text', withClasses({ 0: 'background', one: 'liver' }), 'bad-manifest'],
  ['class-id-is-a-list', withClasses({ background: 0, liver: [1, 2] }), 'bad-manifest'],
  ['class-id-is-null', withClasses({ background: 0, liver: null }), 'bad-manifest'],
  ['class-ids-twice', withClasses({ background: 0, liver: 1, spleen: 1 }), 'bad-manifest'],
  ['class-name-of-a-megabyte', withClasses({ 0: 'background', x: 'y'.repeat(2 ** 20) }), 'bad-manifest'],
  ['background-missing', withClasses({ 1: 'liver' }), 'bad-manifest'],
  ['background-alone', withClasses({ 0: 'background' }), 'bad-manifest'],
  ['ending-unknown', changed({ training: undefined, file_ending: '.exe' }), 'bad-manifest'],
  ['ending-a-path', changed({ training: undefined, file_ending: '/../../x' }), 'bad-manifest'],
  ['cases-are-an-object', changed({ training: { 0: CASE } }), 'bad-manifest'],
  ['case-is-a-number', changed({ training: [1] }), 'bad-manifest'],
  ['image-is-a-number', withImage(7), 'bad-manifest'],
  ['no-cases', changed({ training: [] }), 'no-cases'],
  ['case-twice', changed({ training: [CASE, CASE] }), 'duplicate-case'],
  ['image-above-folder', withImage('../a.nii.gz'), 'unsafe-path'],
  ['image-far-above-folder', withImage('imagesTr/../../../../etc/a.nii.gz'), 'unsafe-path'],
  ['image-absolute', withImage('/etc/a.nii.gz'), 'unsafe-path'],
  ['image-is-passwd', withImage('/etc/passwd'), 'unsafe-path'],
  ['image-is-folder-itself', withImage('.'), 'bad-case-id'],
  ['image-named-like-an-option', withImage('./imagesTr/--help;rm -rf.nii.gz'), 'bad-case-id'],
  ['image-with-null', withImage('./imagesTr/a\u0000.nii.gz'), 'json-unsafe-text'],
  ['image-name-of-a-kilobyte', withImage(`./imagesTr/${'a'.repeat(1024)}.nii.gz`), 'bad-case-id'],
  ['image-without-name', withImage(''), 'bad-case-id'],
  ['label-above-folder', withLabel('../../a.nii.gz'), 'unsafe-path'],
  ['label-absolute', withLabel('/etc/shadow'), 'unsafe-path'],
];

const SPLIT = { train: ['a'], heldOut: [], folds: [{ train: ['a'], validation: [] }] };

/** Name, text of splits.json, code. */
const SPLITS = [
  ['empty', '', 'bad-json'],
  ['null', 'null', 'bad-manifest'],
  ['object', '{}', 'bad-manifest'],
  ['no-folds', JSON.stringify({ ...SPLIT, folds: [] }), 'bad-manifest'],
  ['empty-list', '[]', 'bad-manifest'],
  ['fold-without-validation', JSON.stringify({ ...SPLIT, folds: [{ train: ['a'] }] }), 'bad-manifest'],
  ['id-is-a-path', JSON.stringify({ ...SPLIT, train: ['../a'] }), 'bad-manifest'],
  ['id-is-dot-dot', JSON.stringify({ ...SPLIT, heldOut: ['..'] }), 'bad-manifest'],
  ['id-is-a-number', JSON.stringify({ ...SPLIT, train: [1] }), 'bad-manifest'],
  ['id-empty', JSON.stringify({ ...SPLIT, train: [''] }), 'bad-manifest'],
  ['id-too-long', JSON.stringify({ ...SPLIT, train: ['a'.repeat(129)] }), 'bad-manifest'],
  ['id-with-control-characters', JSON.stringify({ ...SPLIT, train: ['a\u001b[2J'] }), 'json-unsafe-text'],
  ['prototype', '{"__proto__": [], "train": [], "folds": []}', 'json-unsafe-text'],
  ['nested', nested('[', ']', 1000), 'json-too-deep'],
  ['ids-2-million', JSON.stringify({ ...SPLIT, train: Array(2_000_000).fill('a') }), 'json-too-large'],
];

/** Dataset folders as maps of file name to text. */
export function datasetFolders() {
  return [
    ...MANIFESTS.map(([name, text, code]) => ({
      name: `dataset/${name}`,
      code,
      files: { 'dataset.json': text },
    })),
    ...SPLITS.map(([name, text, code]) => ({
      name: `splits/${name}`,
      code,
      files: { 'dataset.json': JSON.stringify(MANIFEST), 'splits.json': text },
    })),
  ];
}
