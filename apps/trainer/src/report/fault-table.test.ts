import { describe, expect, it } from 'vitest';
import { faultLines, faultTable } from './fault-table.js';
import { wrapWords } from './wrap-words.js';

const faults = [
  {
    severity: 'error',
    file: '/data/imagesTr/a.nii.gz',
    fault: 'is missing',
    mend: 'add the image, or remove the case',
  },
  { severity: 'warning', file: '/data', fault: 'has 19 cases', mend: 'complete the download' },
  { severity: 'warning', file: '/cache/x.json', fault: 'is damaged', mend: 'nothing' },
];

describe('faultTable', () => {
  it('aligns columns on a wide terminal', () => {
    expect(faultTable(faults, '/data', 200).split('\n')).toEqual([
      'severity  file               fault         mend',
      'error     imagesTr/a.nii.gz  is missing    add the image, or remove the case',
      'warning   .                  has 19 cases  complete the download',
      'warning   /cache/x.json      is damaged    nothing',
    ]);
  });

  it.each([60, 72, 80, 100])('stays within %i characters and drops no letter', (width) => {
    const long = { ...faults[0], severity: 'error', file: `/data/labelsTr/${'x'.repeat(90)}.nii.gz`, mend: 'mend '.repeat(40).trim(), fault: 'lies up to 4.2 mm from its image: their affines differ' }; // biome-ignore format: one row
    const lines = faultTable([long], '/data', width).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    const letters = (text: string) => [...text.replaceAll(/\s/g, '')].sort().join('');
    expect(letters(lines.slice(1).join(''))).toBe(
      letters(`error labelsTr/${'x'.repeat(90)}.nii.gz ${long.fault} ${long.mend}`),
    );
  });

  it('does not get narrower than can be read', () => {
    expect(faultTable(faults, '/data', 10)).toBe(faultTable(faults, '/data', 60));
  });
});

describe('faultLines', () => {
  it('gives each fault one line', () => {
    expect(faultLines(faults, '/data').split('\n')[0]).toBe(
      'error: imagesTr/a.nii.gz: is missing; mend: add the image, or remove the case',
    );
    expect(faultLines([], '/data')).toBe('');
  });
});

describe('wrapWords', () => {
  it.each([
    ['', 5, ['']],
    ['one two', 7, ['one two']],
    ['one two', 6, ['one', 'two']],
    ['abcdefgh ij', 3, ['abc', 'def', 'gh', 'ij']],
  ])('%j to %i', (text, width, lines) => expect(wrapWords(text, width)).toEqual(lines));
});
