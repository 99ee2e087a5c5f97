import { learningRateChart, lossChart, validationChart } from '../charts/training-charts.js';
import { counted, duration } from '../format.js';
import { html } from '../html.js';
import { colouredClasses } from '../palette.js';
import type { ReportData } from '../report-data.js';
import type { Section } from './section.js';

/** Loss, validation and learning-rate curves. */
export function trainingSection(data: ReportData): Section {
  const { training } = data;
  const last = training.steps.at(-1);
  const course = last ? `${counted(last.step, 'step')}, ${counted(last.epoch, 'epoch')}` : 'no step';
  const body = html`<p>${course}, ${duration(training.seconds)}. Curves of many steps are averaged in groups; single steps stand in log.jsonl.</p>
<div class="columns"><figure>${lossChart(training)}<figcaption>Loss and its parts.</figcaption></figure>
<figure>${validationChart(training, colouredClasses(data.classes))}<figcaption>DSC on the ${counted(data.dataset.validationCount, 'validation case')}, which are not held out.</figcaption></figure>
<figure>${learningRateChart(training)}<figcaption>Learning rate.</figcaption></figure></div>`;
  return { id: 'training', heading: 'Training', body };
}
