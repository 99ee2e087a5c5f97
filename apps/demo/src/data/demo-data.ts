/** The scans a demo runs on. */
export interface DemoData {
  readonly kind: 'hippocampus' | 'phantom';
  /** A Decathlon folder: `dataset.json`, `imagesTr`, `labelsTr`. */
  readonly folder: string;
  readonly found: 'option' | 'variable' | 'shared' | 'cache' | 'download' | 'phantom';
  /** Why the phantom runs. */
  readonly note?: string;
}

export interface FindOptions {
  /** `--data`: the hippocampus folder, or the one that holds it. */
  readonly data?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly repositoryRoot: string;
  /** Use the phantom even where scans are at hand. */
  readonly phantom?: boolean;
  /** Of the phantom. */
  readonly seed: number;
  /** Told, a line each, what takes time and why something was passed over. */
  readonly onNote: (line: string) => void;
  /** Another place of the same archive. */
  readonly mirror?: string;
  readonly signal?: AbortSignal;
}
