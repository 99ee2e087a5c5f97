export type { EdgeLetters, LabelPath, OverlayPlane, PlaneName } from './overlay/overlay-plane.js';
export { type OverlayImage, type OverlayOptions, renderOverlay } from './overlay/render-overlay.js';
export { renderReport } from './render-report.js';
export type * from './report-data.js';
