import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { TrainerError } from '../errors.js';

const maximumCharacters = 1_000_000;

/**
 * Reads a YAML (or JSON) configuration, unchecked.
 * @throws TrainerError `unreadable-config` naming file and place.
 */
export async function readConfigFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable(path, `cannot be opened (${reason(cause)})`, cause);
  });
  if (text.length > maximumCharacters)
    throw unreadable(path, `has more than ${maximumCharacters} characters`);
  try {
    return parse(text);
  } catch (cause) {
    throw unreadable(path, reason(cause), cause);
  }
}

/** A configuration as YAML that `readConfigFile` reads back. */
export function formatConfig(config: object): string {
  return stringify(config, { lineWidth: 0 });
}

function unreadable(path: string, what: string, cause?: unknown): TrainerError {
  return new TrainerError('unreadable-config', `${path}: ${what}`, {
    kind: 'usage',
    hint: 'name a YAML file, or start from a preset: bipvl-trainer list',
    cause,
  });
}

function reason(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]?.replace(/:$/, '') ?? '';
}
