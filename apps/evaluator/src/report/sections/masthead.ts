import { count, counted, dateTime, duration, fixed, interval } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportData, Summary } from '../report-data.js';
import type { Section } from './section.js';

function facts(data: ReportData): Html {
  const { dataset, model, training } = data;
  const entries: [string, string][] = [
    [counted(dataset.heldOutCount, 'case'), 'held out for the scores below'],
    [counted(dataset.trainCount, 'case'), 'trained on'],
    [counted(dataset.validationCount, 'case'), 'for selection (validation)'],
    [dataset.modality, dataset.name],
    [count(model.parameters), `parameters, ${model.name}`],
    [duration(training.seconds), `training, ${counted(training.steps.at(-1)?.step ?? 0, 'step')}`],
  ];
  return html`<div class="facts">${entries.map(([value, what]) => html`<div><b>${value}</b><span>${what}</span></div>`)}</div>`;
}

interface NamedScore {
  readonly name: string;
  readonly dsc: Summary;
}

function listed(scores: readonly NamedScore[]): Html[] {
  return scores.map(
    ({ name, dsc }, index) =>
      html`${index > 0 && '; '}<b>${fixed(dsc.mean, 3)}</b> for ${name} (95 % interval ${interval(dsc.low, dsc.high, 3)})`,
  );
}

function spread(scores: readonly NamedScore[]): Html {
  const means = scores.flatMap(({ name, dsc }) => (dsc.mean === null ? [] : [{ name, mean: dsc.mean }]));
  means.sort((a, b) => a.mean - b.mean);
  const average = means.reduce((sum, { mean }) => sum + mean, 0) / means.length;
  const [lowest, highest] = [means.at(0), means.at(-1)];
  return html`<b>${fixed(average, 3)}</b>, averaged over ${counted(means.length, 'class', 'classes')}; lowest <b>${fixed(lowest?.mean, 3)}</b> (${lowest?.name}), highest <b>${fixed(highest?.mean, 3)}</b> (${highest?.name})`;
}

/** The result in one sentence: class by class where they are few, else the average and the extremes. */
function lead(data: ReportData): Html {
  const scores = data.summary.map(({ classId, dsc }) => ({
    name: data.classes.find(({ id }) => id === classId)?.name ?? `class ${classId}`,
    dsc,
  }));
  const result = scores.length <= 3 ? listed(scores) : spread(scores);
  return html`<p class="lead">On ${counted(data.dataset.heldOutCount, 'held-out case')} the mean DSC is ${result}.</p>`;
}

/** What stands above everything else: title, warnings, the main facts, the result in one sentence, and the way to the sections. */
export function masthead(data: ReportData, sections: readonly Section[]): Html {
  const phantom = data.phantomBanner
    ? html`<p class="warning" role="note"><b>Synthetic data.</b> ${data.phantomBanner}</p>`
    : html``;
  const links = sections.map(({ id, heading }) => html`<a href="#${id}">${heading}</a>`);
  return html`<header>
<h1>${data.title}</h1>
<p class="byline">${dateTime(data.createdAt)} · BiPVL-Seg ${data.productVersion}</p>
<p class="notice" role="note"><b>Not a medical device. Research use only.</b> Do not base a diagnosis or a treatment on these masks or figures.</p>
${phantom}
${lead(data)}
${facts(data)}
<nav aria-label="Sections">${links}</nav>
</header>`;
}
