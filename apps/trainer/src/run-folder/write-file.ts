import { atomicWrite } from '@bipvl/nn/node';

/** Puts a whole file in place or leaves the old one. @throws NetworkError `write-failed` */
export async function writeRunFile(path: string, contents: Uint8Array | string): Promise<void> {
  await atomicWrite(path, typeof contents === 'string' ? new TextEncoder().encode(contents) : contents);
}

/** The same for a value as indented JSON. */
export async function writeRunJson(path: string, value: unknown): Promise<void> {
  await writeRunFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
