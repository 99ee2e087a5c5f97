import { EvaluatorError } from '../errors.js';

import type { ReportClass } from './report-data.js';

/** The Okabe-Ito colours, told apart with any common colour blindness; black is left to text and yellow comes last. */
export const palette: readonly string[] = [
  '#d55e00',
  '#56b4e9',
  '#009e73',
  '#e69f00',
  '#cc79a7',
  '#0072b2',
  '#f0e442',
];

/** Shape of a point in a chart; with the dashes it repeats what the colours say, for print in grey. */
export type MarkSymbol = 'circle' | 'triangle' | 'diamond' | 'rect';

/** Dash of a line in a chart. */
export type Dash = 'solid' | 'dashed' | 'dotted';

export const symbols: readonly MarkSymbol[] = ['circle', 'triangle', 'diamond', 'rect'];
export const dashes: readonly Dash[] = ['solid', 'dashed', 'dotted'];

/** Item of a list, starting over at its end. */
export function cyclic<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined)
    throw new EvaluatorError('bad-palette-index', `colour ${index} was asked of a list of ${list.length}`, {
      kind: 'internal',
      hint: 'report this as a fault of the report',
    });
  return item;
}

/** A class with the colour it has everywhere in the report. */
export interface ColouredClass {
  readonly id: number;
  readonly name: string;
  readonly colour: string;
  readonly symbol: MarkSymbol;
}

/** Gives every class its colour; a colour in the data counts only if it is a hex colour, for it ends up in markup. */
export function colouredClasses(classes: readonly ReportClass[]): ColouredClass[] {
  return classes.map(({ id, name, colour }, index) => ({
    id,
    name,
    colour: colour !== undefined && /^#[0-9a-f]{6}$/i.test(colour) ? colour : cyclic(palette, index),
    symbol: cyclic(symbols, index),
  }));
}
