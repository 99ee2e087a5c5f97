import { deflateSync, gzipSync } from 'node:zlib';

/** Fields of a header in the order in which they are written; undefined leaves a field out. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** An NRRD file in memory: 3 x 4 x 5 voxels of `short` in LPS, unless `changes` says otherwise. */
export function nrrdFile(data: Uint8Array, changes: Fields = {}): Uint8Array<ArrayBuffer> {
  const fields: Fields = {
    type: 'short',
    dimension: '3',
    space: 'left-posterior-superior',
    sizes: '3 4 5',
    'space directions': '(1.5,0,0) (0,2,0) (0,0,3)',
    kinds: 'domain domain domain',
    endian: 'little',
    encoding: 'raw',
    'space origin': '(10,-20,30)',
    ...changes,
  };
  const packed = fields['encoding'] === 'gzip' ? gzipSync(data) : data;
  return joined(`NRRD0004\n# a comment\n${lines(fields, ': ')}a key:=a value\n\n`, packed);
}

/** A MetaImage file in memory: 3 x 4 x 5 voxels of `MET_SHORT`, unless `changes` says otherwise. */
export function metaFile(data: Uint8Array, changes: Fields = {}): Uint8Array<ArrayBuffer> {
  const compressed = changes['CompressedData'] === 'True';
  const packed = compressed ? deflateSync(data) : data;
  const fields: Fields = {
    ObjectType: 'Image',
    NDims: '3',
    BinaryData: 'True',
    BinaryDataByteOrderMSB: 'False',
    CompressedData: 'False',
    CompressedDataSize: compressed ? String(packed.length) : undefined,
    TransformMatrix: '1 0 0 0 1 0 0 0 1',
    Offset: '10 -20 30',
    AnatomicalOrientation: 'RAI',
    ElementSpacing: '1.5 2 3',
    DimSize: '3 4 5',
    ElementType: 'MET_SHORT',
    ...changes,
    ElementDataFile: changes['ElementDataFile'] ?? 'LOCAL',
  };
  return joined(lines(fields, ' = '), packed);
}

/** Values 0, 1, 2, ... as bytes of an array type, in the byte order of this machine. */
export function countedBytes(
  count: number,
  type: { from(values: Iterable<number>): { readonly buffer: ArrayBufferLike } } = Int16Array,
): Uint8Array {
  return new Uint8Array(type.from(Array.from({ length: count }, (_, index) => index % 120)).buffer);
}

function lines(fields: Fields, separator: string): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}${separator}${value}\n`]))
    .join('');
}

function joined(header: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = new TextEncoder().encode(header);
  const bytes = new Uint8Array(start.length + data.length);
  bytes.set(start);
  bytes.set(data, start.length);
  return bytes;
}
