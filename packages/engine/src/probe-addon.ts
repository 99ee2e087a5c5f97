import { EngineError } from './errors.js';
import { lastLine, runCommand } from './run-command.js';

const script = 'process.stdout.write(require(process.argv[1]).TF_Version)';

/**
 * Loads an addon in a process of its own, where a library that crashes does no harm, and returns its TensorFlow version.
 * Throws `addon-broken`.
 */
export async function probeAddon(addon: string): Promise<string> {
  const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const result = await runCommand(process.execPath, ['-e', script, addon], { environment });
  const version = result?.stdout.trim() ?? '';
  if (result?.status === 0 && version !== '') return version;
  const reason =
    result?.stderr.split('\n').find((line) => line.startsWith('Error')) ?? lastLine(result?.stderr ?? '');
  throw new EngineError('addon-broken', `${addon} does not load: ${reason || 'it ended its process'}`, {
    kind: 'resource',
    hint: 'run `npx bipvl-engine install --force`; TensorFlow needs glibc 2.27 or later (not musl) and, on x64, AVX',
  });
}

/** The TensorFlow version of an addon that loads; null where it does not. */
export async function loadableVersion(addon: string): Promise<string | null> {
  try {
    return await probeAddon(addon);
  } catch (error) {
    if (EngineError.isInstance(error) && error.code === 'addon-broken') return null;
    throw error;
  }
}
