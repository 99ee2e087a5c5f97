import { type Html, html, trusted } from './html.js';
import type { ReportData } from './report-data.js';
import { casesSection } from './sections/cases.js';
import { comparisonsSection } from './sections/comparisons.js';
import { conceptsSection } from './sections/concepts.js';
import { configurationSection } from './sections/configuration.js';
import { masthead } from './sections/masthead.js';
import { nextStepsSection } from './sections/next-steps.js';
import { overlaysSection } from './sections/overlays.js';
import { provenanceSection } from './sections/provenance.js';
import { scoresSection } from './sections/scores.js';
import { renderSection, type Section } from './sections/section.js';
import { trainingSection } from './sections/training.js';
import { styleSheet } from './style.js';

function sectionsOf(data: ReportData): Section[] {
  return [
    scoresSection(data),
    ...(data.overlays.length > 0 ? [overlaysSection(data)] : []),
    ...(data.comparisons.length > 0 ? [comparisonsSection(data)] : []),
    trainingSection(data),
    casesSection(data),
    conceptsSection(data),
    provenanceSection(data),
    configurationSection(data),
    nextStepsSection(data),
  ];
}

/** Even if a text slipped through the escaping, the browser would neither run it nor fetch anything. */
const contentPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function page(data: ReportData, sections: readonly Section[]): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(contentPolicy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${data.title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
${masthead(data, sections)}
<main>${sections.map(renderSection)}</main>
<footer>Not a medical device. Research use only. Written by BiPVL-Seg ${data.productVersion}; this file is complete in itself and loads nothing.</footer>
</body>
</html>
`;
}

/**
 * The report of a run as one HTML file: no script, no network, printable. Every text in `data` is escaped.
 * Reads no clock and no file: the same data give the same bytes.
 */
export function renderReport(data: ReportData): string {
  return page(data, sectionsOf(data)).markup;
}
