import { deflateSync, gzipSync } from 'node:zlib';
import { noise } from './noise.mjs';

const VOXELS = new Uint8Array(120);
const MEGABYTE = 2 ** 20;

const NRRD = {
  type: 'short',
  dimension: '3',
  space: 'left-posterior-superior',
  sizes: '3 4 5',
  'space directions': '(1,0,0) (0,1,0) (0,0,1)',
  endian: 'little',
  encoding: 'raw',
  'space origin': '(0,0,0)',
};
const META = {
  ObjectType: 'Image',
  NDims: '3',
  BinaryData: 'True',
  BinaryDataByteOrderMSB: 'False',
  CompressedData: 'False',
  TransformMatrix: '1 0 0 0 1 0 0 0 1',
  Offset: '0 0 0',
  ElementSpacing: '1 1 1',
  DimSize: '3 4 5',
  ElementType: 'MET_SHORT',
};

/** Honest files, for the fuzzer. */
export const HONEST_TEXT_FILES = {
  nrrd: [nrrdFile({}), nrrdFile({ encoding: 'gzip' }, gzipSync(VOXELS))],
  mha: [metaFile({}), metaFile({ CompressedData: 'True' }, deflateSync(VOXELS))],
};

/** NRRD and MetaImage files (definitions: teem.sourceforge.net/nrrd/format.html, itk.org/Wiki/ITK/MetaIO) that lie. */
export function textHeaders() {
  return [...nrrdFiles(), ...metaFiles()];
}

function nrrdFile(changes, data = VOXELS, tail = '') {
  const lines = Object.entries({ ...NRRD, ...changes }).filter(([, value]) => value !== undefined);
  const text = lines.map(([field, value]) => `${field}: ${value}\n`).join('');
  return Buffer.concat([Buffer.from(`NRRD0004\n${text}${tail}\n`), data]);
}

function metaFile(changes, data = VOXELS, file = 'LOCAL') {
  const lines = Object.entries({ ...META, ...changes }).filter(([, value]) => value !== undefined);
  const text = lines.map(([field, value]) => `${field} = ${value}\n`).join('');
  return Buffer.concat([Buffer.from(`${text}ElementDataFile = ${file}\n`), data]);
}

function nrrdFiles() {
  const lies = [
    ...['/etc/passwd', '../../secret.raw', 'LIST', 'scan%03d.raw 1 9 1'].map((file, i) => [`data-file-${i}`, { 'data file': file }, 'detached']), // biome-ignore format: a row
    ['byte-skip-negative', { 'byte skip': '-1' }, 'unsupported'],
    ['byte-skip-huge', { 'byte skip': '1e18' }, 'unsupported'],
    ['line-skip', { 'line skip': '7' }, 'unsupported'],
    ...['bzip2', 'hex', 'ascii', 'text', 'zrl', ''].map((encoding) => [`encoding-${encoding}`, { encoding }, 'unsupported']), // biome-ignore format: a row
    ...['block', 'complex', 'void', '../short'].map((type, i) => [`type-${i}`, { type }, 'unsupported']),
    ...Object.keys(NRRD).filter((field) => !field.startsWith('space')).map((field) => [`without-${field}`, { [field]: undefined }, 'bad-header']), // biome-ignore format: a row
    ...['0', '-3', 'nan', '3.5', '', '1e999', '3 3'].map((dimension, i) => [
      `dimension-${i}`,
      { dimension },
      'bad-header',
    ]),
    ...['1', '5', '16'].map((dimension) => [`dimension-of-${dimension}`, { dimension }, 'unsupported']),
    ...['0 4 5', '-3 4 5', '3 4', '3 4 5 6', '3.5 4 5', 'a b c', '0x3 4 5', '1e999 4 5'].map((sizes, i) => [`sizes-${i}`, { sizes }, 'bad-header']), // biome-ignore format: a row
    ['sizes-one-more', { sizes: '3 4 6' }, 'truncated'],
    ['sizes-4-gb', { sizes: '1024 1024 2048' }, 'truncated'],
    ['sizes-2-to-62', { sizes: '4611686018427387904 4611686018427387904 4' }, 'too-large'],
    ['sizes-1e300', { sizes: '1e300 1 1' }, 'too-large'],
    ['endian-middle', { endian: 'middle' }, 'bad-header'],
    ...['(nan,0,0) (0,1,0) (0,0,1)', '(inf,0,0) (0,1,0) (0,0,1)', '(1,0,0) (0,1,0)', '(1,0) (0,1) (0,0)', 'x y z'].map((directions, i) => [`directions-${i}`, { 'space directions': directions }, 'bad-header']), // biome-ignore format: a row
    ...['(1,0,0) (2,0,0) (0,0,1)', '(0,0,0) (0,1,0) (0,0,1)', '(1e200,0,0) (0,1e200,0) (0,0,1e200)'].map((directions, i) => [`directions-flat-${i}`, { 'space directions': directions }, 'bad-affine']), // biome-ignore format: a row
    ['origin-nan', { 'space origin': '(nan,0,0)' }, 'bad-header'],
    ['space-unknown', { space: 'scanner-mars' }, ['nrrd-unsupported', 'nrrd-bad-header']],
  ];
  return [
    ...lies.map(([name, changes, code]) => entry('nrrd', name, code, nrrdFile(changes))),
    entry('nrrd', 'field-twice', 'bad-header', nrrdFile({}, VOXELS, 'sizes: 1 1 1\n')),
    entry('nrrd', 'line-without-colon', 'bad-header', nrrdFile({}, VOXELS, 'sizes\n')),
    entry('nrrd', 'comments-of-2-mb', 'too-large', nrrdFile({}, VOXELS, '# comment\n'.repeat(200_000))),
    entry('nrrd', 'line-of-2-mb', 'too-large', nrrdFile({}, VOXELS, `#${'x'.repeat(2 * MEGABYTE)}\n`)),
    entry('nrrd', 'header-alone', ['nrrd-truncated', 'nrrd-bad-header'], nrrdFile({}).subarray(0, 100)),
    entry('nrrd', 'magic-alone', 'bad-header', Buffer.from('NRRD0004\n')),
    entry('nrrd', 'magic-of-version-9', 'not-nrrd', Buffer.from('NRRD0009\n\n')),
    entry('nrrd', 'empty', 'not-nrrd', new Uint8Array(0)),
    entry('nrrd', 'zeros', 'not-nrrd', new Uint8Array(1000)),
    ...packedFiles(
      'nrrd',
      (changes, data) => nrrdFile({ encoding: 'gzip', ...changes }, data),
      gzipSync,
      'sizes',
    ),
  ];
}

function metaFiles() {
  const lies = [
    ['channels-zero', { ElementNumberOfChannels: '0' }, 'bad-header'],
    ['channels-huge', { ElementNumberOfChannels: '1e15' }, 'too-large'],
    ['text-voxels', { BinaryData: 'False' }, 'unsupported'],
    ['flag-unknown', { CompressedData: 'maybe' }, 'bad-header'],
    ['header-size-negative', { HeaderSize: '-1' }, 'unsupported'],
    ['header-size-huge', { HeaderSize: '999999999999' }, 'unsupported'],
    ['object-type-mesh', { ObjectType: 'Mesh' }, 'unsupported'],
    ...['MET_NONE', 'MET_OTHER', 'MET_CHAR_ARRAY', 'short', ''].map((type, i) => [`type-${i}`, { ElementType: type }, 'unsupported']), // biome-ignore format: a row
    ...['NDims', 'DimSize', 'ElementType'].map((field) => [
      `without-${field}`,
      { [field]: undefined },
      'bad-header',
    ]),
    ...['0', '-3', 'nan', '', '3.5'].map((dimensions, i) => [
      `dimensions-${i}`,
      { NDims: dimensions },
      'bad-header',
    ]),
    ...['1', '5', '9'].map((dimensions) => [
      `dimensions-of-${dimensions}`,
      { NDims: dimensions },
      'unsupported',
    ]),
    ...['0 4 5', '-3 4 5', '3 4', '3 4 5 6', '3.5 4 5', 'a b c', '1e999 4 5'].map((sizes, i) => [`sizes-${i}`, { DimSize: sizes }, 'bad-header']), // biome-ignore format: a row
    ['sizes-one-more', { DimSize: '3 4 6' }, 'truncated'],
    ['sizes-4-gb', { DimSize: '1024 1024 2048' }, 'truncated'],
    ['sizes-2-to-62', { DimSize: '4611686018427387904 4611686018427387904 4' }, 'too-large'],
    ...['0 1 1', '-1 1 1', 'nan 1 1', 'inf 1 1', '1 1', '1e999 1 1'].map((spacing, i) => [`spacing-${i}`, { ElementSpacing: spacing }, ['mha-bad-header', 'mha-bad-affine', 'mha-bad-spacing']]), // biome-ignore format: a row
    ...['0 0 0 0 0 0 0 0 0', '1 0 0 1 0 0 0 0 1', '1e200 0 0 0 1e200 0 0 0 1e200'].map((matrix, i) => [`matrix-${i}`, { TransformMatrix: matrix }, 'bad-affine']), // biome-ignore format: a row
    ...['1 0 0', 'nan 0 0 0 1 0 0 0 1'].map((matrix, i) => [
      `matrix-broken-${i}`,
      { TransformMatrix: matrix },
      'bad-header',
    ]),
    ['offset-nan', { Offset: 'nan 0 0' }, 'bad-header'],
  ];
  const elsewhere = ['/etc/passwd', '../../secret.raw', 'LIST', 'scan%03d.raw 1 9 1', ''];
  return [
    ...lies.map(([name, changes, code]) => entry('mha', name, code, metaFile(changes))),
    ...elsewhere.map((file, i) => entry('mha', `data-file-${i}`, 'detached', metaFile({}, VOXELS, file))),
    entry('mha', 'field-twice', 'bad-header', Buffer.concat([Buffer.from('NDims = 2\n'), metaFile({})])),
    entry('mha', 'comment-of-2-mb', 'too-large', metaFile({ Comment: 'x'.repeat(2 * MEGABYTE) })),
    entry('mha', 'without-data-file', 'not-mha', Buffer.from('NDims = 3\n')),
    entry('mha', 'empty', 'not-mha', new Uint8Array(0)),
    entry('mha', 'zeros', 'not-mha', new Uint8Array(1000)),
    ...packedFiles(
      'mha',
      (changes, data) => metaFile({ CompressedData: 'True', ...changes }, data),
      deflateSync,
      'DimSize',
    ),
  ];
}

/** Packed voxels that are damaged, cut off, or claimed and not there. */
function packedFiles(format, file, pack, sizes) {
  const whole = pack(noise(120));
  const cut = (bytes) => whole.subarray(0, bytes);
  const flipped = whole.map((byte, i) => (i === whole.length - 6 ? byte ^ 1 : byte));
  return [
    entry(format, 'packed-nothing', ['damaged', 'truncated'].map((suffix) => `${format}-${suffix}`), file({}, new Uint8Array(0))), // biome-ignore format: a row
    entry(format, 'packed-cut', 'damaged', file({}, cut(whole.length - 10))),
    entry(format, 'packed-short', 'truncated', file({}, pack(new Uint8Array(119)))),
    entry(format, 'packed-noise', 'damaged', file({}, Buffer.from(noise(5000)))),
    entry(format, 'packed-claims-1-gb', 'truncated', file({ [sizes]: '1024 1024 512' }, pack(VOXELS))),
    entry(format, 'packed-flipped', format === 'nrrd' ? 'damaged' : ['mha-damaged', null], file({}, flipped)),
    entry(format, 'packed-bomb', null, file({}, pack(new Uint8Array(64 * MEGABYTE)))),
  ];
}

function entry(format, name, code, bytes) {
  const codes = [code]
    .flat()
    .map((suffix) => (suffix === null || suffix.startsWith(`${format}-`) ? suffix : `${format}-${suffix}`));
  return { name: `${format}/${name}.${format}`, code: codes, bytes };
}
