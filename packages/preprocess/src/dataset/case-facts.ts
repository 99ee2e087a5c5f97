import type { SeenImage } from './check-channels.js';
import type { CaseFiles } from './dataset.js';
import type { VolumeFacts } from './volume-facts.js';

/** What was seen of one opened case; files that could not be read are left out. */
export interface CaseFacts {
  readonly files: CaseFiles;
  readonly images: readonly SeenImage[];
  readonly label?: VolumeFacts;
}
