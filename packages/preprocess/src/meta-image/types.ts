import type { Storage } from '../nifti/datatypes.js';

// MET_LONG and MET_ULONG have 4 bytes in the file, whatever the machine (MetaIO, metaTypes.h).
const STORAGES: Readonly<Record<string, Storage>> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** The storage that an `ElementType` names; undefined for arrays, text and unknown words. */
export function metaStorage(type: string): Storage | undefined {
  return STORAGES[type];
}
