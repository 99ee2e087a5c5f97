/** What `install` may be asked for. */
export interface InstallOptions {
  /** The library to end up with; without it, an engine that is already there is kept, and a new one is for the CPU. */
  readonly device?: 'cpu' | 'gpu';
  /** Make the engine again even where it is complete. */
  readonly force?: boolean;
  /** Wheel files fetched elsewhere; their hashes are checked like those of a download. */
  readonly wheels?: readonly string[];
  readonly onStep?: (step: string) => void;
}

/** What `install` did, and the engine that is in place now. */
export interface InstallReport {
  readonly status: 'ready' | 'linked' | 'installed' | 'found';
  readonly tensorflow: string;
  readonly device: 'cpu' | 'gpu' | 'unknown';
  readonly folder: string;
}
