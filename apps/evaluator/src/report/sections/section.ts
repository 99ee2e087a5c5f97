import { type Html, html } from '../html.js';
import type { Row } from '../report-data.js';

/** A part of the report: its anchor, its heading, and what stands below. */
export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Html;
}

/** A section as markup. */
export function renderSection({ id, heading, body }: Section): Html {
  return html`<section id="${id}"><h2>${heading}</h2>${body}</section>`;
}

/** A two-column table of names and values. */
export function pairsTable(rows: readonly Row[]): Html {
  const lines = rows.map(
    ({ key, value }) => html`<tr><th scope="row">${key}</th><td>${String(value)}</td></tr>`,
  );
  return html`<table class="pairs"><tbody>${lines}</tbody></table>`;
}

/** A small square in a class colour. */
export function chip(colour: string): Html {
  return html`<span class="chip" style="background:${colour}"></span>`;
}
