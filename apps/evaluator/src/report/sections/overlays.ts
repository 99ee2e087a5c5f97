import { compact, fixed } from '../format.js';
import { type Html, html } from '../html.js';
import { type ColouredClass, colouredClasses } from '../palette.js';
import type { CaseOverlay, ReportData } from '../report-data.js';
import { planePicture } from './overlay-picture.js';
import { chip, type Section } from './section.js';

const roleNames = { worst: 'Worst case', median: 'Median case', best: 'Best case' } as const;

/** Wide planes stand with the image above its overlay, tall ones beside it, so that a case fits on a screen. */
function arrangement(overlay: CaseOverlay): string {
  const widths = overlay.planes.reduce((sum, { width }) => sum + width, 0);
  const tallest = Math.max(0, ...overlay.planes.map(({ height }) => height));
  return tallest <= 0.37 * widths ? 'planes stacked' : 'planes';
}

function overlayCase(overlay: CaseOverlay, classes: readonly ColouredClass[]): Html {
  const planes = overlay.planes.map((plane) =>
    planePicture(plane, classes, `image-${overlay.role}-${plane.plane}`),
  );
  const [low, high] = overlay.planes[0]?.window ?? [0, 0];
  return html`<div class="case"><h3>${roleNames[overlay.role]}: ${overlay.caseId}, mean DSC ${fixed(overlay.dsc, 3)}</h3>
<div class="${arrangement(overlay)}">${planes}</div>
<p class="quiet">Grey scale from ${compact(low)} (black) to ${compact(high)} (white), intensities of the file.</p></div>`;
}

function key(classes: readonly ColouredClass[]): Html {
  const chips = classes.map((each) => html`<span>${chip(each.colour)}${each.name}</span>`);
  return html`<div class="legend">${chips}<span><span class="sample outline"></span>outline: reference</span><span><span class="sample fill"></span>filled: prediction</span></div>`;
}

/** The worst, the median and the best held-out case in three planes. */
export function overlaysSection(data: ReportData): Section {
  const classes = colouredClasses(data.classes);
  const body = html`<p>Worst, median and best held-out case by mean DSC, each through the slices with most labelled voxels.
Radiological display: <b>the patient's right (R) is on the viewer's left</b>; sagittal planes face left. The pictures show anatomy; share them as you would share the scans.</p>
${key(classes)}${data.overlays.map((overlay) => overlayCase(overlay, classes))}`;
  return { id: 'pictures', heading: 'Worst, median and best case', body };
}
