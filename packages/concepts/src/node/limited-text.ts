import { open } from 'node:fs/promises';

/** A file is larger than its reader accepts. */
export interface TooLarge {
  readonly bytes: number;
}

/** The text of a UTF-8 file, or its size where it has more than `limit` bytes. @throws what Node throws, or TypeError for other text. */
export async function readLimitedText(path: string, limit: number): Promise<string | TooLarge> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > limit) return { bytes: size };
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
  } finally {
    await file.close();
  }
}
