import type { DatasetLabel } from '../dataset/manifest.js';

/** The classes of the phantom; 0 is the background. */
export const PHANTOM_LABELS: readonly DatasetLabel[] = [
  { id: 0, name: 'background' },
  { id: 1, name: 'liver' },
  { id: 2, name: 'spleen' },
  { id: 3, name: 'left kidney' },
  { id: 4, name: 'right kidney' },
  { id: 5, name: 'aorta' },
];
