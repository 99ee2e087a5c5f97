import { type Html, html } from '../html.js';
import type { Dash, MarkSymbol } from '../palette.js';

/** How a series looks: its name, colour, the dash of its line (none for bare marks), and the symbol of its points. */
export interface LegendItem {
  readonly name: string;
  readonly colour: string;
  readonly dash?: Dash;
  readonly symbol?: MarkSymbol;
}

const symbolPaths: Readonly<Record<MarkSymbol, string>> = {
  circle: 'M10 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z',
  triangle: 'M14 2L18.5 10H9.5Z',
  diamond: 'M14 1L19 6L14 11L9 6Z',
  rect: 'M10 2H18V10H10Z',
};

const dashArrays: Readonly<Record<Dash, string>> = { solid: 'none', dashed: '6 3', dotted: '2 2' };

function sample({ colour, dash, symbol }: LegendItem): Html {
  const line =
    dash &&
    html`<path d="M0 6H28" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashArrays[dash]}"/>`;
  const mark = symbol && html`<path d="${symbolPaths[symbol]}" fill="${colour}"/>`;
  return html`<svg width="28" height="12" aria-hidden="true">${line}${mark}</svg>`;
}

/** The legend of a chart as text of the page, which wraps and is read aloud. */
export function chartLegend(items: readonly LegendItem[]): Html {
  return html`<div class="legend">${items.map((item) => html`<span>${sample(item)} ${item.name}</span>`)}</div>`;
}
