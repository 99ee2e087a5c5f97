const EXPLICIT = '1.2.840.10008.1.2.1';
const LONG = new Set(['OB', 'OW', 'SQ', 'UN']);
const PIXELS = 0x7fe00010;
const ENDLESS = 0xffffffff;

/** Elements of an honest slice of 2 x 3 voxels: tag, type, value (DICOM PS3.5, PS3.6). */
const SLICE = [
  [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
  [0x00080060, 'CS', 'CT'],
  [0x0020000e, 'UI', '1.2.3'],
  [0x00200032, 'DS', '0\\0\\0'],
  [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'],
  [0x00280002, 'US', 1],
  [0x00280004, 'CS', 'MONOCHROME2'],
  [0x00280010, 'US', 2],
  [0x00280011, 'US', 3],
  [0x00280030, 'DS', '1\\1'],
  [0x00280100, 'US', 16],
  [0x00280101, 'US', 16],
  [0x00280102, 'US', 15],
  [0x00280103, 'US', 0],
  [PIXELS, 'OW', new Uint8Array(12)],
];

/** An honest file, for the fuzzer. */
export const HONEST_SLICE = dicomFile();

/** DICOM files that lie. Compressed pixels are not among them: their decoder takes longer to start than a refusal may. */
export function dicomFiles() {
  const whole = dicomFile();
  const pixelStart = whole.length - 12;
  return [
    ...LIES.map(([name, changes, code]) => entry(name, code, dicomFile(changes))),
    ...[0, 1, 128, 131].map((place) => entry(`cut-at-${place}`, 'empty', whole.subarray(0, place))),
    ...[132, 140, 170].map((place) =>
      entry(`cut-at-${place}`, ['truncated', 'unsupported'], whole.subarray(0, place)),
    ),
    ...[pixelStart - 30, pixelStart - 1, pixelStart, whole.length - 1].map((place) => entry(`cut-at-${place}`, ['truncated', 'empty'], whole.subarray(0, place))), // biome-ignore format: a row
    entry('magic-alone', ['truncated', 'unsupported'], withMagic([])),
    entry('zeros', 'empty', new Uint8Array(1000)),
    entry(
      'ones-after-magic',
      ['bad-header', 'truncated', 'unsupported'],
      withMagic([Buffer.alloc(1000, 0xff)]),
    ),
    entry('syntax-unknown', 'unsupported', dicomFile([], '1.2.3.4')),
    entry('syntax-deflated', 'unsupported', dicomFile([], '1.2.840.10008.1.2.1.99')),
    entry('syntax-video', 'unsupported', dicomFile([], '1.2.840.10008.1.2.4.100')),
    entry(
      'elements-200000',
      'too-large',
      dicomFile([], EXPLICIT, Buffer.concat(Array(200_000).fill(element(0x00091001, 'US', 1)))),
    ),
    entry('private-of-4-gb', 'truncated', dicomFile([], EXPLICIT, header(0x00091001, 'UN', 0xfffffffe))),
    entry(
      'sequence-without-end',
      ['bad-header', 'truncated'],
      dicomFile([], EXPLICIT, header(0x00091001, 'SQ', ENDLESS)),
    ),
    entry(
      'sequences-nested-10000',
      ['bad-header', 'truncated'],
      dicomFile([], EXPLICIT, nestedSequences(10_000)),
    ),
  ];
}

/** Name, elements that differ, code; an element without type is left out. */
const LIES = [
  ['rows-zero', [[0x00280010, 'US', 0]], 'bad-header'],
  ['columns-zero', [[0x00280011, 'US', 0]], 'bad-header'],
  ['rows-65535', [[0x00280010, 'US', 65535]], 'truncated'],
  [
    'rows-and-columns-65535',
    [
      [0x00280010, 'US', 65535],
      [0x00280011, 'US', 65535],
    ],
    ['truncated', 'too-large'],
  ],
  ['without-rows', [[0x00280010, null]], 'bad-header'],
  ['without-bits', [[0x00280100, null]], 'bad-header'],
  ['bits-12', [[0x00280100, 'US', 12]], 'unsupported'],
  ['bits-64', [[0x00280100, 'US', 64]], 'unsupported'],
  ['bits-stored-0', [[0x00280101, 'US', 0]], 'unsupported'],
  ['bits-stored-17', [[0x00280101, 'US', 17]], 'unsupported'],
  ['high-bit-40', [[0x00280102, 'US', 40]], 'unsupported'],
  ['representation-7', [[0x00280103, 'US', 7]], 'unsupported'],
  [
    'colour',
    [
      [0x00280004, 'CS', 'RGB'],
      [0x00280002, 'US', 3],
    ],
    'colour',
  ],
  ['palette', [[0x00280004, 'CS', 'PALETTE COLOR']], 'colour'],
  ['monochrome-1', [[0x00280004, 'CS', 'MONOCHROME1']], 'unsupported'],
  ['burned-in', [[0x00280301, 'CS', 'YES']], 'burned-in'],
  ['frames-9', [[0x00280008, 'IS', '9']], 'multi-frame'],
  ['frames-text', [[0x00280008, 'IS', 'many']], 'bad-header'],
  ['enhanced', [[0x00020002, 'UI', '1.2.840.10008.5.1.4.1.1.2.1']], 'multi-frame'],
  ['slope-zero', [[0x00281053, 'DS', '0']], 'bad-header'],
  ['slope-nan', [[0x00281053, 'DS', 'NaN']], 'bad-header'],
  ['slope-infinite', [[0x00281053, 'DS', '1e999']], 'bad-header'],
  ['intercept-text', [[0x00281052, 'DS', 'none']], 'bad-header'],
  ['without-position', [[0x00200032, null]], 'bad-header'],
  ['position-nan', [[0x00200032, 'DS', '0\\nan\\0']], 'bad-header'],
  ['position-two', [[0x00200032, 'DS', '0\\0']], 'bad-header'],
  ['without-orientation', [[0x00200037, null]], 'bad-header'],
  ['orientation-zero', [[0x00200037, 'DS', '0\\0\\0\\0\\0\\0']], ['bad-header', 'bad-affine']],
  ['orientation-parallel', [[0x00200037, 'DS', '1\\0\\0\\1\\0\\0']], ['bad-header', 'bad-affine']],
  ['orientation-long', [[0x00200037, 'DS', '9\\0\\0\\0\\9\\0']], ['bad-header', 'bad-affine']],
  ['without-spacing', [[0x00280030, null]], 'bad-header'],
  ['spacing-zero', [[0x00280030, 'DS', '0\\1']], 'bad-affine'],
  ['spacing-negative', [[0x00280030, 'DS', '-1\\1']], 'bad-affine'],
  ['spacing-infinite', [[0x00280030, 'DS', '1e999\\1']], 'bad-header'],
  ['pixels-one-short', [[PIXELS, 'OW', new Uint8Array(10)]], 'truncated'],
  ['pixels-none', [[PIXELS, 'OW', new Uint8Array(0)]], 'truncated'],
  ['without-pixels', [[PIXELS, null]], 'empty'],
];

/** A file of the honest elements with some replaced; `extra` bytes stand before the pixels. */
function dicomFile(changes = [], syntax = EXPLICIT, extra = new Uint8Array(0)) {
  const elements = new Map([...SLICE, ...changes].map((entry) => [entry[0], entry]));
  const kept = [...elements.values()].filter(([, type]) => type !== null).sort(([a], [b]) => a - b);
  const body = kept.flatMap(([tag, ...rest]) => [...(tag === PIXELS ? [extra] : []), element(tag, ...rest)]);
  const version = element(0x00020001, 'OB', Uint8Array.of(0, 1));
  return withMagic([version, element(0x00020010, 'UI', syntax), ...body]);
}

function withMagic(parts) {
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), ...parts]);
}

function element(tag, type, value) {
  const content = contentOf(value, type);
  return Buffer.concat([header(tag, type, content.length), content]);
}

function contentOf(value, type) {
  if (typeof value === 'number') return Buffer.from(Uint16Array.of(value).buffer);
  if (typeof value !== 'string') return Buffer.from(value);
  return Buffer.from(value.length % 2 === 0 ? value : value + (type === 'UI' ? '\0' : ' '), 'latin1');
}

function header(tag, type, length) {
  const bytes = Buffer.alloc(LONG.has(type) ? 12 : 8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.write(type, 4, 'latin1');
  if (LONG.has(type)) bytes.writeUInt32LE(length, 8);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
}

/** Sequences inside each other, each of undefined length and none with an end. */
function nestedSequences(levels) {
  const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]);
  return Buffer.concat(Array(levels).fill(Buffer.concat([header(0x00091001, 'SQ', ENDLESS), item])));
}

function entry(name, code, bytes) {
  return { name: `dicom/${name}.dcm`, code: [code].flat().map((suffix) => `dicom-${suffix}`), bytes };
}
