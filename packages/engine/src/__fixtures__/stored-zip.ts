/** A zip whose entries are stored as they are: enough of the format to stand in for a wheel. */
export function storedZip(entries: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const local = Buffer.concat([header(0x04034b50, 30, name, text), Buffer.from(name), Buffer.from(text)]);
    const central = header(0x02014b50, 46, name, text);
    central.writeUInt32LE(offset, 42);
    directory.push(central, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...locals, ...directory, trailer(Object.keys(entries).length, size, offset)]);
}

// The central header has the fields of the local one, two bytes further on.
function header(signature: number, length: number, name: string, text: string): Buffer {
  const fields = Buffer.alloc(length);
  const shift = length === 46 ? 2 : 0;
  fields.writeUInt32LE(signature, 0);
  fields.writeUInt32LE(Buffer.byteLength(text), 18 + shift);
  fields.writeUInt32LE(Buffer.byteLength(text), 22 + shift);
  fields.writeUInt16LE(Buffer.byteLength(name), 26 + shift);
  return fields;
}

function trailer(count: number, size: number, offset: number): Buffer {
  const fields = Buffer.alloc(22);
  fields.writeUInt32LE(0x06054b50, 0);
  fields.writeUInt16LE(count, 8);
  fields.writeUInt16LE(count, 10);
  fields.writeUInt32LE(size, 12);
  fields.writeUInt32LE(offset, 16);
  return fields;
}
