import { engineFindings } from './engine-findings.js';
import { type EngineEnvironment, environment } from './environment.js';
import type { Finding } from './finding.js';
import { gpuFindings } from './gpu-findings.js';
import { linkedEngine } from './link-engine.js';
import { machineFindings } from './machine-findings.js';
import { findTfjs } from './tfjs-package.js';

/** What `doctor` found: every line of it, and the facts a run would store. */
export interface Diagnosis {
  /** No finding is a fault. */
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
  readonly environment: EngineEnvironment;
}

/** Examines the machine and the engine and runs the self-test. Faults are findings, not exceptions, unless TensorFlow.js itself is missing. */
export async function doctor(): Promise<Diagnosis> {
  const tfjs = findTfjs();
  const engine = await engineFindings(tfjs);
  const facts = await environment();
  const folder = await linkedEngine(tfjs);
  const findings = [...(await machineFindings(facts)), ...engine, ...(await gpuFindings(facts, folder))];
  return { healthy: findings.every(({ verdict }) => verdict !== 'fault'), findings, environment: facts };
}
