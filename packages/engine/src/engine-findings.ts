import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from './engine-layout.js';
import { environment } from './environment.js';
import { EngineError } from './errors.js';
import { type Finding, faultOf } from './finding.js';
import { linkedEngine } from './link-engine.js';
import { loadEngine, loadedEngine } from './load-engine.js';
import { probeAddon } from './probe-addon.js';
import { selfTest } from './self-test.js';

/** Whether the engine is there, loads, and computes what it should. */
export async function engineFindings(tfjs: string): Promise<readonly Finding[]> {
  const installed = await installedFinding(tfjs);
  return installed.verdict === 'fault' ? [installed] : [installed, await selfTestFinding()];
}

async function installedFinding(tfjs: string): Promise<Finding> {
  try {
    const addon = join(tfjs, layout.addon);
    if (!existsSync(addon)) throw notInstalled(addon);
    const version = await probeAddon(addon);
    await loadEngine();
    const { source } = await environment();
    return { name: 'tensorflow', verdict: 'ok', detail: `${version} from ${source}${await whereFrom(tfjs)}` };
  } catch (error) {
    return faultOf('tensorflow', error);
  }
}

async function whereFrom(tfjs: string): Promise<string> {
  const folder = await linkedEngine(tfjs);
  return folder === null ? '' : ` in ${folder}`;
}

async function selfTestFinding(): Promise<Finding> {
  try {
    const report = selfTest(await loadEngine(), loadedEngine()?.usesGpu);
    const worst = Math.max(report.output, report.imageGradient, report.filterGradient);
    const detail = `conv3d and its two gradients within ${worst.toExponential(1)} of plain TypeScript, ${report.milliseconds.toFixed(0)} ms`;
    return { name: 'self-test', verdict: 'ok', detail };
  } catch (error) {
    return faultOf('self-test', error);
  }
}

function notInstalled(addon: string): EngineError {
  return new EngineError('engine-not-installed', `no native TensorFlow at ${addon}`, {
    kind: 'resource',
    hint: 'run `npx bipvl-engine install`',
  });
}
