import { join } from 'node:path';
import { runCaptured } from '../setup/run-captured.mjs';

/** Runs a JavaScript tool of node_modules under this Node; resolves to its output as faults when it fails. */
export async function faultsOfTool(root, script, parameters) {
  const tool = join(root, 'node_modules', script);
  const { status, output } = await runCaptured(process.execPath, [tool, ...parameters], { cwd: root });
  if (status === 0) return [];
  return [output.trim() || `${script} ended with status ${status}`];
}
