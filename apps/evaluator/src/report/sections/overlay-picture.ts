import { Buffer } from 'node:buffer';
import { type Html, html } from '../html.js';
import type { OverlayPlane } from '../overlay/overlay-plane.js';
import type { ColouredClass } from '../palette.js';

const barLengthsMm = [1, 2, 5, 10, 20, 50, 100, 200] as const;

/** The longest round length that takes at most a third of the picture's width. */
export function scaleBarMm(width: number, pixelsPerMm: number): number {
  const fitting = barLengthsMm.filter((length) => length * pixelsPerMm <= width / 3);
  return fitting.at(-1) ?? barLengthsMm[0];
}

function letters({ width, height, letters: edge }: OverlayPlane): Html {
  const at = (x: number, y: number, letter: string): Html => html`<text x="${x}" y="${y}">${letter}</text>`;
  const style =
    'font:600 14px system-ui,Arial,sans-serif;fill:#fff;stroke:#000;stroke-width:3px;paint-order:stroke;text-anchor:middle';
  return html`<g style="${style}">${at(11, height / 2 + 5, edge.left)}${at(width - 11, height / 2 + 5, edge.right)}${at(width / 2, 17, edge.top)}${at(width / 2, height - 7, edge.bottom)}</g>`;
}

function scaleBar({ width, height, pixelsPerMm }: OverlayPlane): Html {
  const length = scaleBarMm(width, pixelsPerMm);
  const left = 10;
  const right = left + length * pixelsPerMm;
  const y = height - 10;
  const path = `M${left} ${y - 4}V${y}H${right.toFixed(2)}V${y - 4}`;
  return html`<path d="${path}" fill="none" stroke="#000" stroke-width="4" stroke-opacity=".6"/><path d="${path}" fill="none" stroke="#fff" stroke-width="1.8"/><text x="${left}" y="${y - 9}" style="font:600 11px system-ui,Arial,sans-serif;fill:#fff;stroke:#000;stroke-width:3px;paint-order:stroke">${length} mm</text>`;
}

function labels(plane: OverlayPlane, classes: readonly ColouredClass[]): Html[] {
  const colour = new Map(classes.map((each) => [each.id, each.colour]));
  const areas = plane.predicted.map(
    ({ label, path }) =>
      html`<path d="${path}" fill="${colour.get(label)}" fill-opacity=".42" shape-rendering="crispEdges"/>`,
  );
  const outlines = plane.reference.map(
    ({ label, path }) =>
      html`<path d="${path}" fill="none" stroke="#000" stroke-opacity=".55" stroke-width="3.6" stroke-linecap="square"/><path d="${path}" fill="none" stroke="${colour.get(label)}" stroke-width="1.8" stroke-linecap="square"/>`,
  );
  return [...areas, ...outlines];
}

/** One plane twice: the image alone, and the same with reference outlines and predicted areas over it. */
export function planePicture(plane: OverlayPlane, classes: readonly ColouredClass[], id: string): Html {
  const { width, height, slice, sliceCount } = plane;
  const source = `data:image/png;base64,${Buffer.from(plane.png).toString('base64')}`;
  const box = `0 0 ${width} ${height}`;
  const marks = html`${letters(plane)}${scaleBar(plane)}`;
  return html`<figure style="flex:${width} 1 0">
<div class="pair">
<svg viewBox="${box}" role="img" aria-label="${plane.plane} image"><image id="${id}" width="${width}" height="${height}" href="${source}"/>${marks}</svg>
<svg viewBox="${box}" role="img" aria-label="${plane.plane} image with reference and prediction"><use href="#${id}"/>${labels(plane, classes)}${marks}</svg>
</div>
<figcaption>${plane.plane}, slice ${slice + 1} of ${sliceCount}</figcaption>
</figure>`;
}
