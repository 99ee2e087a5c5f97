import { join } from 'node:path';
import { layout } from './engine-layout.js';
import { EngineError } from './errors.js';
import type { InstallOptions, InstallReport } from './install-options.js';
import { loadableVersion, probeAddon } from './probe-addon.js';
import { lastLine, runCommand } from './run-command.js';

/**
 * The way on Windows, where no wheel holds the C library: the installer inside the npm package, which fetches TensorFlow 2.9.1 and
 * a compiled addon from its makers. Throws `stock-install-failed`.
 */
export async function installStock(tfjs: string, options: InstallOptions): Promise<InstallReport> {
  const addon = join(tfjs, layout.addon);
  const device = options.device ?? 'cpu';
  if (!options.force) {
    const tensorflow = await loadableVersion(addon);
    if (tensorflow !== null) return { status: 'found', tensorflow, device: 'unknown', folder: tfjs };
  }
  options.onStep?.("run the npm package's own installer");
  const script = join(tfjs, 'scripts', 'install.js');
  const result = await runCommand(process.execPath, [script, device, 'download'], { cwd: tfjs });
  if (result?.status !== 0) throw stockFailed(lastLine(result?.stderr ?? ''));
  return { status: 'installed', tensorflow: await probeAddon(addon), device, folder: tfjs };
}

function stockFailed(reason: string): EngineError {
  return new EngineError(
    'stock-install-failed',
    `the installer of @tensorflow/tfjs-node-gpu failed: ${reason}`,
    {
      kind: 'resource',
      hint: 'see WINDOWS_TROUBLESHOOTING.md of tensorflow/tfjs, or use WSL 2 and run `npx bipvl-engine install` there',
    },
  );
}
