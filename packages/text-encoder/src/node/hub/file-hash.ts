import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** What a hub says a file is: the SHA-256 of large files, git's hash of the others. */
export interface FileHash {
  readonly kind: 'sha256' | 'git-blob';
  /** 64 or 40 hexadecimal digits. */
  readonly value: string;
}

/** An entity tag as a hash; undefined where it is another kind of tag. */
export function hashFromTag(tag: string | null): FileHash | undefined {
  const value = /^(?:W\/)?"?([0-9a-f]+)"?$/.exec(tag ?? '')?.[1] ?? '';
  if (value.length === 64) return { kind: 'sha256', value };
  return value.length === 40 ? { kind: 'git-blob', value } : undefined;
}

/** SHA-256 of a file, 64 hexadecimal digits. */
export async function sha256OfFile(path: string): Promise<string> {
  return digest(path, createHash('sha256'));
}

/** The file's hash of the same kind; git puts the length in front (`git hash-object`). */
export async function sameKindOfHash(path: string, bytes: number, { kind }: FileHash): Promise<string> {
  return kind === 'sha256' ? sha256OfFile(path) : digest(path, createHash('sha1').update(`blob ${bytes}\0`));
}

async function digest(path: string, hash: Hash): Promise<string> {
  for await (const block of createReadStream(path, { highWaterMark: 2 ** 20 }))
    hash.update(block as Uint8Array);
  return hash.digest('hex');
}
