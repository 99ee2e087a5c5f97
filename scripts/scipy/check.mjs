#!/usr/bin/env node
// `npm run check:scipy`: the numbers of @bipvl/metrics against those of SciPy and NumPy on the same values and masks,
// computed here and now: statistics over cases, calibration, components, distances. SciPy is installed once, in the cache.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCheck } from '../python/run-check.mjs';
import { runPython } from '../python/run-python.mjs';

process.exitCode = await runCheck(async (interpreter, folder) => {
  const { maskQuestions } = await import('./mask-questions.mjs');
  const { statisticsQuestions } = await import('./statistics-questions.mjs');
  const questions = [...statisticsQuestions(), ...maskQuestions()];
  const asked = questions.map(({ kind, input }) => ({ kind, input }));
  writeFileSync(join(folder, 'questions.json'), JSON.stringify(asked));
  const script = new URL('answer.py', import.meta.url);
  const answers = await runPython(interpreter, script, folder, 'answers.json');
  return questions.map((question, index) => ({
    name: question.name,
    fault: faultOf(question, answers[index]),
  }));
});

/** Numbers may differ by the tolerance, absolute and relative; anything else must be the same. */
function faultOf({ ours, tolerance = 1e-9 }, theirs) {
  if (ours.length !== theirs.length) return `${ours.length} numbers, SciPy has ${theirs.length}`;
  const wrong = ours.findIndex((value, index) => !agree(value, theirs[index], tolerance));
  return wrong < 0 ? '' : `number ${wrong + 1} is ${ours[wrong]}, SciPy has ${theirs[wrong]}`;
}

function agree(ours, theirs, tolerance) {
  if (typeof ours !== 'number' || typeof theirs !== 'number') return ours === theirs;
  return Math.abs(ours - theirs) <= tolerance * (1 + Math.abs(theirs));
}
