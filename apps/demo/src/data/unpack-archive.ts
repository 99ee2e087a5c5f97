import { basename } from 'node:path';
import { extract, list, type ReadEntry } from 'tar';
import { DemoError } from '../errors.js';
import type { Archive } from './hippocampus-archive.js';

type Limits = Pick<Archive, 'maximumEntries' | 'maximumUnpackedBytes'>;

const plainTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'Directory']);

/**
 * Unpacks a tar archive into an existing folder, without the `._` files that macOS adds. It is read through
 * first, so that nothing is written of one that is refused.
 * @throws DemoError `archive-refused` for a path that leaves the folder, a link or device, too many
 * entries or bytes, or a damaged file
 */
export async function unpackArchive(file: string, folder: string, limits: Limits): Promise<void> {
  await inspect(file, limits);
  await extract({
    file,
    cwd: folder,
    strict: true,
    preserveOwner: false,
    filter: (path) => !basename(path).startsWith('._'),
  });
}

async function inspect(file: string, limits: Limits): Promise<void> {
  let fault: string | undefined;
  let entries = 0;
  let bytes = 0;
  const onReadEntry = (entry: ReadEntry): void => {
    entries += 1;
    bytes += entry.size;
    fault ??= faultOf(entry) ?? excess(entries, bytes, limits);
  };
  try {
    await list({ file, strict: true, onReadEntry });
  } catch (error) {
    throw refused(`it cannot be read (${error instanceof Error ? error.message : String(error)})`, error);
  }
  if (fault !== undefined) throw refused(fault);
}

function faultOf({ path, type }: ReadEntry): string | undefined {
  const shown = JSON.stringify(path.slice(0, 200));
  if (!plainTypes.has(type)) return `${shown} is a ${type}, only files and folders are taken`;
  const parts = path.split(/[\\/]/);
  if (parts[0] === '' || /^[a-z]:/i.test(path) || parts.includes('..')) return `${shown} leaves the folder`;
  return undefined;
}

function excess(entries: number, bytes: number, limits: Limits): string | undefined {
  if (entries > limits.maximumEntries) return `it has more than ${limits.maximumEntries} entries`;
  if (bytes > limits.maximumUnpackedBytes)
    return `it unpacks to more than ${limits.maximumUnpackedBytes} bytes`;
  return undefined;
}

function refused(fault: string, cause?: unknown): DemoError {
  return new DemoError('archive-refused', `the archive is not unpacked: ${fault}`, {
    kind: 'data',
    hint: 'report this: the mirror does not hold what it held',
    cause,
  });
}
