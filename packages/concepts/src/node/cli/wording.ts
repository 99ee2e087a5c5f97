import type { ConceptSetDifference } from '../../diff.js';
import type { Estimate } from '../../generation/estimate.js';
import type { LintFinding } from '../../lint/finding.js';
import { printable } from '../../printable.js';

/** A finding as a line. */
export function findingLine({ severity, class: name, slot, message, rule }: LintFinding): string {
  const place = [name ?? 'the set', slot].filter((part) => part !== null).join(', ');
  return printable(`${severity}: ${place}: ${message} (${rule})`);
}

/** What a request may cost, as a line. */
export function estimateLine({
  model,
  inputTokens,
  outputTokens,
  attempts,
  dollars,
  priceNoted,
}: Estimate): string {
  const size = `at most ${inputTokens} tokens in and ${outputTokens} out, sent at most ${attempts} times`;
  const cost =
    dollars === null
      ? 'what it costs is not known: the model is not in the table of prices'
      : `at most ${dollarText(dollars)} (list prices of ${priceNoted})`;
  return `${printable(model)}: ${size}: ${cost}`;
}

/** US dollars, rounded up to a hundredth of a cent. */
export function dollarText(dollars: number): string {
  return `$${(Math.ceil(dollars * 1e4) / 1e4).toFixed(4)}`;
}

/** A difference as lines, texts below their place with - and +. */
export function differenceLines({ added, removed, renamed, texts }: ConceptSetDifference): string[] {
  return [
    ...removed.map((name) => `- class ${name}`),
    ...added.map((name) => `+ class ${name}`),
    ...renamed.map(({ label, before, after }) => `label ${label}: ${before} is now ${after}`),
    ...texts.flatMap(({ class: name, slot, before, after }) => [
      `${name}, ${slot}`,
      `- ${before}`,
      `+ ${after}`,
    ]),
  ].map(printable);
}
