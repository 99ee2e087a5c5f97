import { type Html, html } from '../html.js';
import type { ReportData } from '../report-data.js';
import type { Section } from './section.js';

function isTree(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) || value.some(isTree);
}

/** The leaves of a tree of plain values by dotted name; lists of plain values are shown whole, others item by item from 0. */
export function flatten(value: unknown, name = ''): [name: string, value: string][] {
  if (isTree(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) =>
      flatten(item, name === '' ? key : `${name}.${key}`),
    );
  }
  return [[name, typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')]];
}

/** The resolved configuration, one line per value. */
export function configurationSection(data: ReportData): Section {
  const lines = flatten(data.config).map(
    ([name, value]): Html => html`<div><span>${name}</span><code>${value}</code></div>`,
  );
  const body = html`<p>Every value as it was resolved, defaults included; the same stands in config.yaml.</p><div class="config">${lines}</div>`;
  return { id: 'configuration', heading: 'Configuration', body };
}
