import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type EngineEnvironment, environment } from '@bipvl/engine';
import type { ValidationScore } from '../loop/train-event.js';
import { productVersion } from '../product-version.js';
import type { RunIdentity } from './checkpoint-file.js';
import { guarded, isMissing } from './file-fault.js';
import { writeRunJson } from './write-file.js';

/** One stretch of training, from a start or resume to its end. */
export interface Session {
  readonly started: string;
  readonly fromStep: number;
  readonly toStep: number;
  readonly status: 'running' | 'finished' | 'interrupted' | 'failed';
  readonly wallSeconds: number;
  /** Most memory the process has held, in bytes. */
  readonly peakRssBytes: number;
}

/** `manifest.json`: what made the numbers of a run, enough to make them again. */
export interface RunManifest {
  readonly version: 1;
  readonly product: { readonly name: string; readonly version: string };
  readonly seed: number;
  readonly dataset: { readonly name: string; readonly licence: string; readonly reference: string };
  readonly cases: {
    readonly train: readonly string[];
    readonly validation: readonly string[];
    readonly heldOut: readonly string[];
  };
  /** SHA-256 of configuration, split, prepared cases and concept set, and the id of the tokenizer. */
  readonly hashes: RunIdentity;
  /** Commit of the repository that the command ran in. */
  readonly gitCommit: string | null;
  readonly engine: EngineEnvironment;
  readonly parameters: number;
  readonly best: ValidationScore | null;
  readonly sessions: readonly Session[];
}

/** What a manifest is begun with. */
export type ManifestFacts = Pick<RunManifest, 'seed' | 'dataset' | 'cases' | 'hashes' | 'parameters'>;

/** Keeps `manifest.json` up to date: at the start of a session and at its end. */
export class ManifestKeeper {
  readonly #path: string;
  readonly #started: Date = new Date();
  readonly #fromStep: number;
  readonly #before: Omit<RunManifest, 'best' | 'sessions'>;
  readonly #sessions: readonly Session[];

  private constructor(
    path: string,
    before: Omit<RunManifest, 'best' | 'sessions'>,
    sessions: readonly Session[],
    fromStep: number,
  ) {
    this.#path = path;
    this.#before = before;
    this.#sessions = sessions;
    this.#fromStep = fromStep;
  }

  static async open(path: string, facts: ManifestFacts, fromStep: number): Promise<ManifestKeeper> {
    const product = { name: '@bipvl/trainer', version: productVersion() };
    const before = {
      version: 1 as const,
      product,
      ...facts,
      gitCommit: await gitCommit(),
      engine: await environment(),
    };
    return new ManifestKeeper(path, before, fromStep === 0 ? [] : await earlierSessions(path), fromStep);
  }

  async write(status: Session['status'], step: number, best: ValidationScore | null): Promise<void> {
    const session: Session = {
      started: this.#started.toISOString(),
      fromStep: this.#fromStep,
      toStep: step,
      status,
      wallSeconds: (Date.now() - this.#started.getTime()) / 1000,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
    };
    const manifest: RunManifest = { ...this.#before, best, sessions: [...this.#sessions, session] };
    await writeRunJson(this.#path, manifest);
  }
}

async function earlierSessions(path: string): Promise<readonly Session[]> {
  const text = await guarded(path, () =>
    readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '{}';
      throw error;
    }),
  );
  const manifest: Partial<RunManifest> = JSON.parse(text);
  return manifest.sessions ?? [];
}

/** Null outside a repository and without git. */
async function gitCommit(): Promise<string | null> {
  return promisify(execFile)('git', ['rev-parse', '--verify', 'HEAD']).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}
