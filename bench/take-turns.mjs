// Two programs that take turns at the same work: ours, theirs, ours, theirs. Each answers a line on its standard input
// with one line of JSON: `ms`, `peakMb` of its process, and `overMb`, how far that is above the peak before the first turn.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { peakMb } from './peak-memory.mjs';

/** A process that does its work once for each line it is asked by. */
export function contender(command, parameters) {
  const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask() {
      child.stdin.write('\n');
      const { value, done } = await answers.next();
      if (done) throw new Error(`${command} ended without an answer`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

/** The other side of `contender`: does `work` for each line on standard input; `describe` adds to the answer what it likes. */
export async function answer(work, describe = () => ({})) {
  const before = peakMb();
  for await (const _ of createInterface({ input: process.stdin })) {
    const start = performance.now();
    const result = await work();
    const ms = performance.now() - start;
    console.log(JSON.stringify({ ms, peakMb: peakMb(), overMb: peakMb() - before, ...describe(result) }));
  }
}

/** Both sides' answers, turn by turn, the first `warmUp` turns left out; `theirs` may be undefined. */
export async function takeTurns(ours, theirs, { warmUp, repetitions }) {
  const rounds = [];
  for (let turn = 0; turn < warmUp + repetitions; turn++) {
    const round = { ours: await ours.ask(), theirs: await theirs?.ask() };
    if (turn >= warmUp) rounds.push(round);
  }
  ours.end();
  theirs?.end();
  return rounds;
}

/** Prints a row for each side and the median of the ratios turn by turn. */
export function printRounds(rounds, peer, name = '@bipvl/preprocess') {
  row(
    name,
    rounds.map((round) => round.ours),
  );
  if (rounds[0]?.theirs === undefined) return;
  row(
    peer,
    rounds.map((round) => round.theirs),
  );
  const ratios = rounds.map((round) => round.theirs.ms / round.ours.ms);
  console.log(`${median(ratios).toFixed(1)} times the speed, median of the ratios turn by turn`);
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function row(name, answers) {
  const ms = median(answers.map((each) => each.ms)).toFixed(1);
  const largest = (key) => Math.max(...answers.map((each) => each[key])).toFixed(0);
  const over = answers.every((each) => 'overMb' in each) ? `, ${largest('overMb')} MB over the inputs` : '';
  console.log(
    `${name.padEnd(22)} ${ms.padStart(7)} ms   peak memory ${largest('peakMb').padStart(5)} MB${over}`,
  );
}
