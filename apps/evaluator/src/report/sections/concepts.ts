import {
  type ConceptClass,
  type ConceptSet,
  describeReview,
  type LintFinding,
  type ReviewState,
  SLOTS,
} from '@bipvl/concepts';
import { type Html, html } from '../html.js';
import type { ReportData } from '../report-data.js';
import { pairsTable, type Section } from './section.js';

function classTexts(each: ConceptClass): Html {
  const rows = SLOTS.map(
    ({ key, columnName }) => html`<tr><th scope="row">${columnName}</th><td>${each.concepts[key]}</td></tr>`,
  );
  return html`<div class="case"><h3>${each.name} (label ${each.label})</h3><table class="concepts"><tbody>${rows}</tbody></table></div>`;
}

function findings(list: readonly LintFinding[]): Html {
  if (list.length === 0) return html`<p>The lint has no remark on these texts.</p>`;
  const items = list.map(
    (finding) =>
      html`<li><b>${finding.severity}</b> ${finding.class ?? 'the set'}${finding.slot ? `, ${finding.slot}` : ''}: ${finding.message} (${finding.rule})</li>`,
  );
  return html`<div class="warning"><b>Remarks of the lint</b><ul>${items}</ul></div>`;
}

function reviewText({ review }: ConceptSet, state: ReviewState): string {
  return review === undefined
    ? describeReview(state)
    : `${describeReview(state)}: ${review.reviewer}, ${review.date}`;
}

function unsigned(state: ReviewState): Html {
  if (state === 'reviewed') return html``;
  return html`<div class="warning"><b>No person stands behind these texts:</b> the concept set is ${describeReview(state)}.</div>`;
}

/** The texts the model read, where they come from, and what the lint says. */
export function conceptsSection(data: ReportData): Section {
  const { set, hash, review } = data.concepts;
  const { author, model, date, note } = set.provenance;
  const origin = pairsTable([
    { key: 'concept set', value: `${set.name} (${set.dataset}, ${set.modality})` },
    { key: 'author', value: author },
    { key: 'language model', value: model ?? 'none' },
    { key: 'date', value: date },
    { key: 'note', value: note },
    { key: 'review', value: reviewText(set, review) },
    { key: 'SHA-256', value: hash },
  ]);
  const body = html`<p>The text is the same for every patient. It describes what each class looks like; it never comes from a report.</p>
${unsigned(review)}${findings(data.concepts.findings)}<div class="columns">${set.classes.map(classTexts)}</div>${origin}`;
  return { id: 'concepts', heading: 'Concept texts', body };
}
