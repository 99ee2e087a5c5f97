import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { counted } from './bytes.test-support.js';
import { decodeNifti } from './decode.js';
import { encodeNifti } from './encode.js';
import { inflatedSizeOf, mayHoldMember } from './gzip.js';

const WHOLE = encodeNifti(counted([20, 21, 22]));

describe('a gzip file in memory', () => {
  it('may have several members, whatever the last one says that it holds', async () => {
    const members = Buffer.concat([gzipSync(WHOLE.subarray(0, 9000)), gzipSync(WHOLE.subarray(9000))]);
    expect((await decodeNifti(members)).data).toEqual(counted([20, 21, 22]).data);
  });

  it('is refused by its trailer before it is inflated, when that names less than is promised', async () => {
    const short = gzipSync(WHOLE.subarray(0, WHOLE.length - 1));
    const message = new RegExp(`promises ${WHOLE.length} bytes, ${WHOLE.length - 1} are there`);
    await expect(decodeNifti(short)).rejects.toThrow(message);
  });

  it('may be padded with zeros, as tapes do', async () => {
    const padded = Buffer.concat([gzipSync(WHOLE), Buffer.alloc(512)]);
    const read = decodeNifti(padded);
    // The streams of browsers and of newer Node refuse what follows the end of gzip, older ones ignore it.
    await read.then(
      ({ data }) => expect(data).toEqual(counted([20, 21, 22]).data),
      (error: unknown) => expect(error).toMatchObject({ code: 'nifti-gzip' }),
    );
  });

  it('may be larger than what a promise gets before anything has come', async () => {
    const volume = counted([256, 260, 257], 1, Uint8Array);
    const read = await decodeNifti(gzipSync(encodeNifti(volume), { level: 1 }));
    expect(Buffer.compare(Buffer.from(read.data.buffer), Buffer.from(volume.data.buffer))).toBe(0);
  }, 20_000);
});

// RFC 1952, section 2.3: magic, method 8, flags, four bytes of time, extra flags, system.
const MEMBER = [0x1f, 0x8b, 8, 0, 9, 9, 9, 9, 0, 3];

describe('the start of a gzip member', () => {
  it.each([
    ['is found', MEMBER, true],
    ['is found behind a false start', [0x1f, 0x1f, 0x8b, 7, ...MEMBER], true],
    ['is none with another method', MEMBER.with(2, 7), false],
    ['is none with reserved flags', MEMBER.with(3, 0x20), false],
    ['is none with unknown extra flags', MEMBER.with(8, 1), false],
    ['is none when it is cut off', MEMBER.slice(0, 9), false],
  ])('%s', (_, bytes, expected) => {
    expect(mayHoldMember(Uint8Array.from([1, 2, 3, ...bytes]), 2)).toBe(expected);
  });

  it('is looked for from a place on', () => {
    expect(mayHoldMember(Uint8Array.from([...MEMBER, ...new Array<number>(20).fill(0)]), 1)).toBe(false);
  });
});

describe('the size in a gzip trailer', () => {
  it('is read from its last four bytes, and means nothing where it is padding or cut off', () => {
    expect(inflatedSizeOf(Uint8Array.of(9, 9, 9, 9, 0x10, 2, 0, 0))).toBe(528);
    expect(inflatedSizeOf(new Uint8Array(8))).toBeUndefined();
    expect(inflatedSizeOf(new Uint8Array(7).fill(1))).toBeUndefined();
  });
});
