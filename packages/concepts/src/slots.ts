/** The keys of the six concept slots, in the order in which every class fills them. */
export const slotKeys = ['title', 'shape', 'location', 'appearance', 'contour', 'texture'] as const;

/** Key of one of the six concept slots in a concept set. */
export type SlotKey = (typeof slotKeys)[number];

/** A slot: its key, the column name that starts its concept string, and the short name used inside a sentence string. */
export interface Slot {
  readonly key: SlotKey;
  readonly columnName: string;
  readonly shortName: string;
}

/** The six slots in the order in which every class fills them, title included (paper: "fixed, consistent concepts"). */
export const SLOTS: readonly Slot[] = [
  { key: 'title', columnName: 'Title', shortName: 'Title' },
  { key: 'shape', columnName: 'Shape', shortName: 'Shape' },
  { key: 'location', columnName: 'Location', shortName: 'Location' },
  { key: 'appearance', columnName: 'Appearance/Density', shortName: 'Appearance' },
  { key: 'contour', columnName: 'Contour/Symmetry', shortName: 'Contour' },
  { key: 'texture', columnName: 'Internal Texture', shortName: 'Texture' },
];
