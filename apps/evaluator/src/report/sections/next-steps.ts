import { html } from '../html.js';
import type { ReportData } from '../report-data.js';
import type { Section } from './section.js';

/** What to bear in mind, and what to type next. */
export function nextStepsSection(data: ReportData): Section {
  const notes = data.notes.map((note) => html`<li>${note}</li>`);
  const commands = data.commands.map(
    ({ purpose, command }) => html`<p>${purpose}</p><pre><code>${command}</code></pre>`,
  );
  const body = html`${notes.length > 0 && html`<ul>${notes}</ul>`}${commands}`;
  return { id: 'next', heading: 'Notes and next commands', body };
}
