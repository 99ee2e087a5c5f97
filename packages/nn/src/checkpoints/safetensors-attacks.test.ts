import { describe, expect, test } from 'vitest';
import { NetworkError } from '../errors.js';
import { RandomStream } from '../random-stream.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

/** A file of a header and as many bytes of data, its length field as it should be unless another is given. */
function file(header: string | Uint8Array, dataBytes = 0, length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function withLastByte(bytes: Uint8Array, value: number): Uint8Array {
  bytes[bytes.length - 1] = value;
  return bytes;
}

function entry(fields: string): string {
  return `{"a":{${fields}}}`;
}

const plain = '"dtype":"F32","shape":[2],"data_offsets":[0,8]';
const two = (first: string, second: string): string =>
  `{"a":{"dtype":"U8",${first}},"b":{"dtype":"U8",${second}}}`;

/** Name, file, and what the message must say. */
const attacks: readonly [string, Uint8Array, RegExp][] = [
  ['nothing', new Uint8Array(0), /0 bytes/],
  ['seven bytes', new Uint8Array(7), /7 bytes/],
  ['a length without header', file('', 0), /8 bytes/],
  ['a length beyond the file', file('{}', 0, 3n), /does not fit/],
  ['a length of 2^64 - 1', file('{}', 0, 2n ** 64n - 1n), /maxHeaderBytes/],
  ['a length of 2^63', file('{}', 0, 2n ** 63n), /maxHeaderBytes/],
  ['a length just above the limit', file('{}', 0, 25_000_001n), /maxHeaderBytes = 25000000/],
  ['a length of 0', file('{}', 0, 0n), /expected "\{"|begin|its end/],
  ['a length of 1', file('{}', 0, 1n), /got its end/],
  ['a header cut short', file(entry(plain), 8, 20n), /does not end|its end|lacks/],
  ['an array', file('[]'), /begin with/],
  ['a leading space', file(' {}'), /begin with/],
  ['a byte order mark', file('\ufeff{}'), /begin with/],
  ['a string', file('"a"'), /begin with/],
  ['a pickle', file(Uint8Array.from([0x80, 2, 0x7d, 0x71, 0, 0x2e])), /begin with/],
  ['a zip', file('PK\u0003\u0004'), /begin with/],
  ['bytes that are not UTF-8', file(Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])), /UTF-8/],
  ['an overlong encoding', file(Uint8Array.from([0x7b, 0xc0, 0xa2, 0x7d])), /UTF-8/],
  ['an encoded surrogate', file(Uint8Array.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d])), /UTF-8/],
  ['two objects', file('{}{}'), /spaces to the end/],
  ['text after the header', file('{} x'), /spaces to the end/],
  ['NUL after the header', file('{}\u0000'), /spaces to the end/],
  ['a trailing comma', file(`{"a":{${plain}},}`, 8), /expected "\\""|expected "/],
  ['an unquoted key', file('{a:1}'), /expected/],
  ['a single-quoted key', file("{'a':1}"), /expected/],
  ['a comment', file('{/**/}'), /expected/],
  ['a string that does not end', file('{"a'), /does not end/],
  ['a string that ends in a backslash', file('{"a\\'), /does not end/],
  ['a raw line break in a name', file('{"a\n":1}'), /not JSON/],
  ['a bad escape', file('{"\\x41":1}'), /not JSON/],
  ['half a character in a name', file('{"\\ud800":1}'), /Unicode/],
  ['a number for a tensor', file('{"a":1}'), /expected "\{"|expected/],
  ['null for a tensor', file('{"a":null}'), /expected/],
  ['a list for a tensor', file('{"a":[]}'), /expected/],
  [
    'nesting for a shape',
    file(entry('"dtype":"F32","shape":[[2]],"data_offsets":[0,8]'), 8),
    /whole numbers/,
  ],
  ['100,000 brackets', file(`{"a":${'['.repeat(100_000)}`), /expected/],
  ['100,000 braces', file('{"a":'.repeat(100_000)), /unknown key/],
  ['a tensor twice', file(`{"a":{${plain}},"a":{${plain}}}`, 8), /"a" occurs twice/],
  ['a tensor twice by an escape', file(`{"a":{${plain}},"\\u0061":{${plain}}}`, 8), /"a" occurs twice/],
  ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}'), /occurs twice/],
  ['a metadata key twice', file('{"__metadata__":{"k":"1","k":"2"}}'), /"k" occurs twice/],
  ['a dtype twice', file(entry(`"dtype":"U8",${plain}`), 8), /"dtype" occurs twice/],
  ['a tensor named __proto__', file(`{"__proto__":{${plain}}}`, 8), /__proto__/],
  ['__proto__ by an escape', file(`{"\\u005f_proto__":{${plain}}}`, 8), /__proto__/],
  ['__proto__ in the metadata', file('{"__metadata__":{"__proto__":"x"}}'), /__proto__/],
  ['__proto__ in a tensor', file(entry(`"__proto__":{},${plain}`), 8), /__proto__/],
  ['a number in the metadata', file('{"__metadata__":{"k":1}}'), /expected/],
  ['an object in the metadata', file('{"__metadata__":{"k":{}}}'), /expected/],
  ['metadata that is text', file('{"__metadata__":"x"}'), /expected/],
  ['an unknown key', file(entry(`${plain},"stride":[1]`), 8), /unknown key "stride"/],
  ['no dtype', file(entry('"shape":[2],"data_offsets":[0,8]'), 8), /lacks/],
  ['no shape', file(entry('"dtype":"F32","data_offsets":[0,8]'), 8), /lacks/],
  ['no offsets', file(entry('"dtype":"F32","shape":[2]'), 8), /lacks/],
  ['one offset', file(entry('"dtype":"F32","shape":[2],"data_offsets":[0]'), 8), /lacks/],
  ['three offsets', file(entry('"dtype":"F32","shape":[2],"data_offsets":[0,8,8]'), 8), /more than 2/],
  [
    'an unknown dtype',
    file(entry('"dtype":"F7","shape":[2],"data_offsets":[0,8]'), 8),
    /unsupported dtype "F7"/,
  ],
  [
    'the dtype "constructor"',
    file(entry('"dtype":"constructor","shape":[2],"data_offsets":[0,8]'), 8),
    /unsupported dtype/,
  ],
  [
    'a dtype in lower case',
    file(entry('"dtype":"f32","shape":[2],"data_offsets":[0,8]'), 8),
    /unsupported dtype/,
  ],
  ['a negative side', file(entry('"dtype":"F32","shape":[-2],"data_offsets":[0,8]'), 8), /whole numbers/],
  [
    'two negative sides',
    file(entry('"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]'), 8),
    /whole numbers/,
  ],
  ['a fractional side', file(entry('"dtype":"F32","shape":[2.0],"data_offsets":[0,8]'), 8), /expected/],
  ['a side with an exponent', file(entry('"dtype":"F32","shape":[2e0],"data_offsets":[0,8]'), 8), /expected/],
  [
    'a side with a leading zero',
    file(entry('"dtype":"F32","shape":[02],"data_offsets":[0,8]'), 8),
    /whole numbers/,
  ],
  [
    'a side of 2^53',
    file(entry('"dtype":"F32","shape":[9007199254740992],"data_offsets":[0,8]'), 8),
    /whole numbers below 2\^53/,
  ],
  [
    'a side of a hundred digits',
    file(entry(`"dtype":"F32","shape":[${'9'.repeat(100)}],"data_offsets":[0,8]`), 8),
    /whole numbers/,
  ],
  [
    'sides whose product wraps to 2 in 64 bits',
    file(entry('"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]'), 8),
    /needs/,
  ],
  ['281 TB', file(entry('"dtype":"F64","shape":[32767,32767,32767],"data_offsets":[0,8]'), 8), /needs 281/],
  [
    'nine dimensions',
    file(entry('"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]'), 8),
    /more than 8/,
  ],
  ['a shape too small', file(entry('"dtype":"F32","shape":[1],"data_offsets":[0,8]'), 8), /needs 4 bytes/],
  ['a shape too large', file(entry('"dtype":"F32","shape":[3],"data_offsets":[0,8]'), 8), /needs 12 bytes/],
  [
    'an empty shape over eight bytes',
    file(entry('"dtype":"F32","shape":[],"data_offsets":[0,8]'), 8),
    /needs 4 bytes/,
  ],
  ['offsets backwards', file(entry('"dtype":"F32","shape":[2],"data_offsets":[8,0]'), 8), /begins at 8/],
  [
    'offsets from zero backwards',
    file(two('"shape":[2],"data_offsets":[0,2]', '"shape":[2],"data_offsets":[2,0]'), 2),
    /offsets give -2/,
  ],
  ['offsets beyond the file', file(entry(plain), 4), /end at byte 8 of the data, the file at 4/],
  ['bytes no tensor covers at the end', file(entry(plain), 9), /the file at 9/],
  [
    'bytes no tensor covers at the start',
    file(entry('"dtype":"F32","shape":[2],"data_offsets":[1,9]'), 9),
    /begins at 1/,
  ],
  [
    'a gap',
    file(two('"shape":[1],"data_offsets":[0,1]', '"shape":[1],"data_offsets":[2,3]'), 3),
    /begins at 2, expected 1/,
  ],
  [
    'an overlap',
    file(two('"shape":[2],"data_offsets":[0,2]', '"shape":[2],"data_offsets":[1,3]'), 3),
    /begins at 1, expected 2/,
  ],
  [
    'the same bytes twice',
    file(two('"shape":[2],"data_offsets":[0,2]', '"shape":[2],"data_offsets":[0,2]'), 2),
    /begins at 0, expected 2/,
  ],
  ['data without tensors', file('{}', 5), /the file at 5/],
  [
    'a boolean of 2',
    withLastByte(file('{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}', 1), 2),
    /BOOL/,
  ],
  [
    'more tensors than allowed',
    file(
      `{${Array.from({ length: 100_001 }, (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`).join()}}`,
    ),
    /maxTensors = 100000/,
  ],
];

describe('the attack corpus', () => {
  test('has at least 60 files', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(60);
  });

  test.each(attacks)('%s is refused on one line', (_, bytes, reason) => {
    const error = refusal(bytes);
    expect(NetworkError.isInstance(error) && error.code).toBe('bad-safetensors');
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).toMatch(/^[^\n]{1,400}$/);
  });

  test('a file just inside each limit is read', () => {
    const deep = file(entry('"dtype":"F32","shape":[1,1,1,1,1,1,1,2],"data_offsets":[0,8]'), 8);
    expect(decodeSafetensors(deep).tensors.get('a')?.shape.length).toBe(8);
    expect(() => decodeSafetensors(deep, { maxDimensions: 7 })).toThrow('more than 7');
    expect(() => decodeSafetensors(deep, { maxHeaderBytes: 10 })).toThrow('maxHeaderBytes = 10');
    expect(() => decodeSafetensors(deep, { maxTensors: 0, source: 'weights.safetensors' })).toThrow(
      'weights.safetensors',
    );
  });
});

describe('fuzzing', () => {
  const sound = encodeSafetensors(
    new Map([
      ['encoder.weight', { dtype: 'F32', shape: [2, 3], data: new Float32Array(6).fill(0.5) }],
      ['steps', { dtype: 'I64', shape: [1], data: BigInt64Array.from([7n]) }],
      ['mask', { dtype: 'BOOL', shape: [3], data: Uint8Array.from([0, 1, 0]) }],
    ]),
    new Map([['format', 'pt']]),
  );

  /** Changes that keep most of the structure: bytes, digits, pieces moved, doubled, cut or grown. */
  function mutate(random: () => number): Uint8Array {
    const pick = (n: number): number => Math.floor(random() * n);
    let bytes = sound.slice();
    for (let changes = 1 + pick(4); changes > 0; changes--) {
      const [at, other] = [pick(bytes.length), pick(bytes.length)];
      const kind = pick(6);
      if (kind === 0) bytes[at] = pick(256);
      else if (kind === 1) bytes[at] = '0123456789[]{}",: '.charCodeAt(pick(18));
      else if (kind === 2) bytes = bytes.slice(0, at);
      else if (kind === 3) bytes.copyWithin(at, other, other + pick(40));
      else if (kind === 4)
        bytes = Uint8Array.from([
          ...bytes.slice(0, at),
          ...bytes.slice(other, other + pick(60)),
          ...bytes.slice(at),
        ]);
      else new DataView(bytes.buffer).setBigUint64(0, BigInt(pick(bytes.length + 20)), true);
      if (bytes.length < 9) break;
    }
    return bytes;
  }

  const cases = Number(process.env['BIPVL_FUZZ'] ?? 50_000);

  test(`${cases} mutated files are read or refused by a typed error, and never hang`, {
    timeout: 600_000,
  }, () => {
    const random = new RandomStream(20_240_601).uniform();
    let [read, refused, slowest] = [0, 0, 0];
    for (let i = 0; i < cases; i++) {
      const bytes = mutate(random);
      const started = performance.now();
      const error = refusal(bytes);
      slowest = Math.max(slowest, performance.now() - started);
      if (error === undefined) read += 1;
      else if (NetworkError.isInstance(error) && error.code === 'bad-safetensors') refused += 1;
      else throw new Error(`case ${i}: ${String(error)}`);
    }
    expect(slowest).toBeLessThan(1000);
    expect(read).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(cases / 2);
  });
});

function refusal(bytes: Uint8Array): unknown {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    return error;
  }
  return undefined;
}
