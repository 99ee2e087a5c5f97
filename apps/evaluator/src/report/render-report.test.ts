import { withReview } from '@bipvl/concepts';
import { describe, expect, it } from 'vitest';
import { smallReport } from './__fixtures__/small-report.js';
import { escapeHtml, html } from './html.js';
import { renderReport } from './render-report.js';
import type { ReportData } from './report-data.js';

const payload = `"><script>alert(1)</script><img src='http://evil.example/x' onerror=alert(2)>&amp;</style></title>`;
const keptStrings = new Set(['plane', 'role', 'path', 'letters', 'colour']);

/** The same data with every text a file or a user could have written, keys of free records included, made hostile. */
function hostile<T>(value: T, key = ''): T {
  if (keptStrings.has(key) || value instanceof Uint8Array) return value;
  if (typeof value === 'string') return `${payload}${value}` as T;
  if (Array.isArray(value)) return value.map((item) => hostile(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [renamed(name, key), hostile(item, name)]);
  return Object.fromEntries(entries) as T;
}

function renamed(name: string, parent: string): string {
  const free = parent === 'config' || parent === 'dsc' || (parent === 'losses' && name !== 'total');
  return free && !['mean', 'low', 'high', 'n', 'missed', 'hallucinated'].includes(name)
    ? `${payload}${name}`
    : name;
}

function tagNames(page: string): Set<string> {
  return new Set(
    Array.from(page.matchAll(/<\/?([a-zA-Z!][\w-]*)/g), (match) => (match[1] ?? '').toLowerCase()),
  );
}

/** Tags that are opened and not closed in order, in a page whose texts hold no raw angle brackets. */
function unbalancedTags(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name = '', selfClosed] of page.matchAll(/<(\/?)([a-zA-Z][\w-]*)(?:[^<>]*?)(\/?)>/g)) {
    if (selfClosed || ['meta', 'br'].includes(name)) continue;
    if (!slash) open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

describe('renderReport', () => {
  const page = renderReport(smallReport());

  it('has every part', () => {
    const ids = Array.from(page.matchAll(/<section id="([\w-]+)">/g), (match) => match[1]);
    expect(ids).toEqual([
      'scores',
      'pictures',
      'text',
      'training',
      'cases',
      'concepts',
      'provenance',
      'configuration',
      'next',
    ]);
    for (const id of ids) expect(page).toContain(`<a href="#${id}">`);
  });

  it('says on the first screen what it is not, what was tested, and the result', () => {
    const header = page.slice(page.indexOf('<header>'), page.indexOf('</header>'));
    expect(header).toContain('Not a medical device. Research use only.');
    expect(header).toContain('3 cases');
    expect(header).toContain('held out for the scores below');
    expect(header).toContain('<b>0.870</b> for anterior hippocampus (95 % interval 0.860 to 0.880)');
    expect(header).toContain('2026-11-23 18:20 UTC');
    expect(header).not.toContain('Synthetic data');
  });

  it('has the banner if the phantom ran', () => {
    const header = renderReport({ ...smallReport(), phantomBanner: 'The phantom ran.' });
    expect(header).toContain('<b>Synthetic data.</b> The phantom ran.');
  });

  it('shows undefined scores as a dash, differences with their sign, and the worst case first', () => {
    expect(page).toMatch(
      /posterior hippocampus<\/th><td class="number strong">0\.860<\/td>.*?<td class="number strong">–<\/td>/,
    );
    expect(page).toContain('<td class="number">−0.170</td>');
    const order = Array.from(page.matchAll(/<tr class="first"><td>(case_\w)/g), (match) => match[1]);
    expect(order).toEqual(['case_a', 'case_c', 'case_b']);
  });

  it('names licence, citation, texts, lint remarks, configuration and commands', () => {
    for (const text of [
      'CC-BY-SA 4.0',
      'https://doi.org/10.1038/s41467-022-30695-9',
      'Bulbous thickened front end',
      'does not end well',
      'model.channels',
      '[16,32]',
      'equals full InfoNCE',
      'npx bipvl-evaluator predict runs/demo/bundle SCAN.nii.gz --out DIR',
    ]) {
      expect(page).toContain(text);
    }
  });

  it('says who stands behind the texts, and warns where nobody does', async () => {
    expect(page).toContain(
      'No person stands behind these texts:</b> the concept set is not reviewed by a person.',
    );
    const report = smallReport();
    const outcome = { reviewer: 'A. <Radiologist>', date: '2026-11-26', rejected: [] };
    const set = await withReview(report.concepts.set, outcome);
    const signed = renderReport({ ...report, concepts: { ...report.concepts, set, review: 'reviewed' } });
    expect(signed).not.toContain('No person stands behind');
    expect(signed).toContain('reviewed: A. &lt;Radiologist&gt;, 2026-11-26');
  });

  it('is well formed, the same each time, and small', () => {
    expect(unbalancedTags(page)).toEqual([]);
    expect(renderReport(smallReport())).toBe(page);
    expect(page.length).toBeLessThan(400_000);
    const ids = Array.from(page.matchAll(/\bid="([^"]+)"/g), (match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('stays below 5 MB with a thousand cases of fifteen classes', () => {
    const data = smallReport();
    const first = data.cases[0];
    if (!first?.classes[0]) throw new Error('the small report has cases');
    const score = first.classes[0];
    const classes = Array.from({ length: 15 }, (_, index) => ({ id: index + 1, name: `class ${index + 1}` }));
    const cases = Array.from({ length: 1000 }, (_, index) => ({
      caseId: `case_${index}`,
      classes: classes.map(({ id }) => ({ ...score, classId: id })),
    }));
    const large = renderReport({ ...data, classes, cases });
    expect(large.length).toBeLessThan(5_000_000);
    expect(large).toContain('734 best cases are left out here');
  });

  it('leaves out what a run does not have', () => {
    const bare = renderReport({
      ...smallReport(),
      overlays: [],
      comparisons: [],
      notes: [],
      commands: [],
      cases: [],
    });
    expect(bare).not.toContain('id="pictures"');
    expect(bare).not.toContain('id="text"');
    expect(unbalancedTags(bare)).toEqual([]);
  });
});

describe('hostile texts', () => {
  const data: ReportData = hostile(smallReport());
  const page = renderReport({ ...data, phantomBanner: payload });

  it('reach the page', () => {
    expect(page.split('&lt;script&gt;alert(1)&lt;/script&gt;').length).toBeGreaterThan(60);
  });

  it('add no element and no attribute', () => {
    expect(tagNames(page)).toEqual(tagNames(renderReport({ ...smallReport(), phantomBanner: 'x' })));
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(unbalancedTags(page)).toEqual([]);
    expect(page).not.toMatch(/<[^>]*\son\w+=/);
  });

  it('cannot make the page load anything', () => {
    const targets = Array.from(
      page.matchAll(/\s(?:src|href|xlink:href|action|data|poster)="([^"]*)"/g),
      (match) => match[1],
    );
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !/^(?:#[\w-]+$|data:image\/png;base64,)/.test(target ?? ''))).toEqual(
      [],
    );
    expect(page).not.toMatch(/url\((?!#)/);
    expect(page).not.toContain('@import');
    expect(page).toContain("default-src 'none'");
  });

  it('cannot name a colour', () => {
    const classes = [{ id: 1, name: 'a', colour: 'red;background:url(http://evil.example)' }];
    expect(renderReport({ ...smallReport(), classes })).not.toContain('evil');
  });
});

describe('html', () => {
  it('escapes values and keeps markup', () => {
    expect(html`<b title="${`"'`}">${'<&>'}${html`<i>${1}</i>`}${null}${false}</b>`.markup).toBe(
      '<b title="&quot;&#39;">&lt;&amp;&gt;<i>1</i></b>',
    );
  });

  it('shows characters that hide or turn text', () => {
    expect(escapeHtml('a\u202Eb\u0000c\u200B')).toBe('a[U+202E]b[U+0000]c[U+200B]');
  });
});
