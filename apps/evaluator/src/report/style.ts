/** The report's style sheet: light, quiet, figures that line up, and rules for paper. */
export const styleSheet = `
:root { --ink: #1f2a33; --quiet: #5b6872; --line: #d5dbe0; --faint: #f5f7f8; --accent: #005a8c; }
* { box-sizing: border-box; }
html { background: #fff; color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
body { margin: 0 auto; max-width: 1180px; padding: 28px 28px 64px; font-variant-numeric: tabular-nums lining-nums; overflow-wrap: anywhere; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 4px; font-weight: 600; letter-spacing: -0.01em; }
h2 { font-size: 1.267rem; margin: 44px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); font-weight: 600; }
h3 { font-size: 1rem; margin: 22px 0 8px; font-weight: 600; }
p { margin: 6px 0 10px; max-width: 78ch; }
.quiet, figcaption, caption, .byline { color: var(--quiet); font-size: 0.867rem; }
.byline { margin: 0 0 14px; }
.warning { display: block; border-left: 4px solid #b3541e; background: #fdf5ef; padding: 9px 14px; margin: 10px 0; max-width: none; }
.notice { display: block; border-left: 4px solid var(--accent); background: #f1f6fa; padding: 9px 14px; margin: 10px 0; max-width: none; }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 0.867rem; margin: 14px 0 4px; }
a { color: var(--accent); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1px; background: var(--line); border: 1px solid var(--line); margin: 16px 0; }
.facts > div { background: #fff; padding: 9px 13px; }
.facts b { display: block; font-size: 1.2rem; font-weight: 600; line-height: 1.3; }
.facts span { color: var(--quiet); font-size: 0.833rem; }
.lead { font-size: 1.133rem; max-width: 88ch; margin: 14px 0; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 12px; font-size: 0.933rem; }
caption { text-align: left; padding: 0 0 6px; }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { border-bottom: 1.5px solid var(--ink); font-weight: 600; font-size: 0.867rem; vertical-align: bottom; }
thead .group { border-bottom: 1px solid var(--line); text-align: center; }
tbody th { font-weight: 400; }
.number { text-align: right; white-space: nowrap; }
.strong { font-weight: 600; }
td.range { color: var(--quiet); text-align: right; white-space: nowrap; font-size: 0.867rem; }
tr.first > * { border-top: 1px solid var(--line); }
.cases td:nth-child(n+3), .cases th:nth-child(n+3) { text-align: right; white-space: nowrap; }
.variants { border-bottom: 1px solid #aab4bc; }
.variants td, .variants th { border-bottom: 0; padding: 3px 10px; }
.variants thead th { border-bottom: 1.5px solid var(--ink); padding: 6px 10px; }
.variants tr.first > * { padding-top: 7px; }
.variants tbody th { max-width: 420px; }
.cases td { padding: 3px 10px; border-bottom: 0; }
.cases { border-bottom: 1px solid #aab4bc; }
.chip { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 8px; vertical-align: -1px; border: 1px solid rgba(0,0,0,.25); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(460px, 1fr)); gap: 14px 36px; align-items: start; }
.columns > * { min-width: 0; }
.chart svg { max-width: 100%; height: auto; display: block; }
figure { margin: 8px 0; }
.planes { display: flex; gap: 14px; align-items: flex-start; }
.planes figure { min-width: 0; margin: 4px 0; }
.planes svg { display: block; width: 100%; height: auto; background: #000; }
.planes .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 3px; }
.planes.stacked .pair { grid-template-columns: 1fr; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 22px; font-size: 0.9rem; margin: 6px 0; }
.legend svg { vertical-align: -1px; margin-right: 4px; }
.sample { display: inline-block; width: 26px; height: 12px; margin-right: 8px; vertical-align: -1px; }
.sample.outline { border: 2px solid var(--ink); }
.sample.fill { background: rgba(31,42,51,.35); }
.pairs th { width: 34%; color: var(--quiet); font-family: inherit; }
.concepts th { width: 150px; color: var(--quiet); }
code, pre { font: 0.867rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--faint); border: 1px solid var(--line); padding: 10px 14px; margin: 4px 0 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
.config { column-width: 420px; column-gap: 36px; font-size: 0.867rem; }
.config div { display: flex; justify-content: space-between; gap: 14px; border-bottom: 1px solid #eceff1; padding: 2px 0; break-inside: avoid; }
.config div span:last-child { text-align: right; }
footer { margin-top: 48px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.867rem; }
@media screen and (max-width: 760px) { .planes { display: block; } .columns { grid-template-columns: 1fr; } body { padding: 16px; } table { display: block; overflow-x: auto; } }
@media print {
  @page { margin: 14mm; }
  html { font-size: 10.5px; }
  body { max-width: none; padding: 0; }
  nav { display: none; }
  .facts { grid-template-columns: repeat(6, 1fr); }
  .columns { grid-template-columns: 1fr 1fr; gap: 10px 20px; }
  th, td { padding: 4px 6px; }
  .config { column-width: 300px; }
  h2 { break-after: avoid; margin-top: 26px; }
  tr, figure, .chart, .case { break-inside: avoid; }
  thead { display: table-header-group; }
  .warning, .notice, .chip, .planes svg, .sample { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
