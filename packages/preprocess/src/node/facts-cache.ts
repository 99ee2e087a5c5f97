import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import type { Fault } from '../dataset/fault.js';
import { type ObservedFile, type VolumeFacts, volumeFactsSchema } from '../dataset/volume-facts.js';
import { PreprocessError } from '../errors.js';
import { writeAtomically } from './atomic-write.js';
import { fileHash, textHash } from './content-hash.js';
import { fileFault } from './file-fault.js';
import { observeFile } from './observe-file.js';

// Raised when facts change their meaning, so that older ones are made anew.
const VERSION = 1;
// So that an interrupted first check of a large dataset need not start over.
const SAVE_EVERY = 200;

interface Entry {
  readonly size: number;
  /** Milliseconds. */
  readonly modified: number;
  /** SHA-256 of the file. */
  readonly content: string;
  readonly facts: VolumeFacts;
}

const entry = z.object({
  size: z.number(),
  modified: z.number(),
  content: z.string(),
  facts: volumeFactsSchema,
});
const entries = z.record(z.string(), entry);
const stored = z.object({ version: z.literal(VERSION), checksum: z.string(), entries: z.string() });

/**
 * Facts of the files of one dataset, kept in one file so that an unchanged file is not opened again. A file is unchanged
 * when path, size and time of change are the same, or else its content is. Names of files are stored as hashes only.
 */
export class FactsCache {
  /** What is wrong with the cache itself. */
  readonly faults: Fault[] = [];
  private kept: Record<string, Entry> = {};
  private readonly used = new Map<string, Entry>();
  private unsaved = 0;

  private constructor(
    private readonly folder: string,
    private readonly path: string | undefined,
  ) {}

  /** The cache of the dataset at `folder`, in `cacheFolder`; without one, nothing outlives the check. */
  static async open(folder: string, cacheFolder: string | undefined): Promise<FactsCache> {
    const name = `${textHash(resolve(folder)).slice(0, 32)}.json`;
    const cache = new FactsCache(folder, cacheFolder === undefined ? undefined : join(cacheFolder, name));
    await cache.load();
    return cache;
  }

  /** The facts of a file, from the cache or by reading it. Throws as `readVolume`. */
  async observe(file: string, kind: ObservedFile['kind']): Promise<VolumeFacts> {
    const key = textHash(`${kind}:${relative(this.folder, file)}`);
    const status = await stat(file).catch((cause: unknown) => {
      throw fileFault(file, cause);
    });
    const place = { size: status.size, modified: status.mtimeMs };
    const known = this.kept[key];
    if (known?.size === place.size && known.modified === place.modified) {
      this.used.set(key, known);
      return known.facts;
    }
    const content = await fileHash(file);
    const facts = known?.content === content ? known.facts : await observeFile(file, kind);
    this.used.set(key, { ...place, content, facts });
    this.unsaved += 1;
    if (this.unsaved % SAVE_EVERY === 0) await this.save();
    return facts;
  }

  /** SHA-256 of the bytes of a file that was observed. */
  contentOf(file: string, kind: ObservedFile['kind']): string | undefined {
    return this.used.get(textHash(`${kind}:${relative(this.folder, file)}`))?.content;
  }

  /** Writes what is new; a cache that cannot be written is a warning. */
  async save(): Promise<void> {
    if (this.path === undefined || this.unsaved === 0) return;
    const text = JSON.stringify({ ...this.kept, ...Object.fromEntries(this.used) });
    try {
      const sealed = { version: VERSION, checksum: textHash(text), entries: text };
      await writeAtomically(this.path, JSON.stringify(sealed));
      this.unsaved = 0;
    } catch (error) {
      if (!PreprocessError.isInstance(error)) throw error;
      this.warn('cache-unwritable', `cannot be written (${error.message})`, error.hint);
    }
  }

  private async load(): Promise<void> {
    if (this.path === undefined) return;
    const text = await readFile(this.path, 'utf8').catch(() => undefined); // none yet, or made anew just the same
    if (text === undefined) return;
    const kept = unsealed(text);
    if (kept === undefined) {
      this.warn('cache-damaged', 'is damaged or of another version', 'nothing: every file was read again');
    } else this.kept = kept;
  }

  private warn(rule: string, fault: string, mend: string): void {
    if (this.faults.some((earlier) => earlier.rule === rule)) return;
    this.faults.push({ rule, file: this.path ?? '', fault, mend, severity: 'warning' });
  }
}

/** The entries of a cache file; undefined where a byte of it is not as it was written. */
function unsealed(text: string): Record<string, Entry> | undefined {
  const outer = stored.safeParse(parsed(text));
  if (!outer.success || textHash(outer.data.entries) !== outer.data.checksum) return undefined;
  const inner = entries.safeParse(parsed(outer.data.entries));
  return inner.success ? inner.data : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
