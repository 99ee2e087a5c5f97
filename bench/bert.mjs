// Times BERT-base forward in evaluation, 90 texts of 64 tokens, against PyTorch with the same weights, outputs compared first.
//   node bench/bert.mjs --peer PYTHON [--texts 90] [--tokens 64] [--repetitions N]
// Each side runs in a process of its own with as many threads, and they take turns. The peer is PYTHON with torch and
// safetensors, on bench/peers/bert_torch.py, which computes what transformers' BertModel does.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadEngine } from '../packages/engine/dist/index.js';
import * as nn from '../packages/nn/dist/index.js';
import { Bert, huggingFaceBert } from '../packages/text-encoder/dist/index.js';
import { answer, contender, printRounds, takeTurns } from './take-turns.mjs';

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string' },
    texts: { type: 'string', default: '90' },
    tokens: { type: 'string', default: '64' },
    repetitions: { type: 'string', default: '5' },
    answer: { type: 'boolean', default: false },
    folder: { type: 'string' },
  },
});

if (options.answer) await work(options.folder);
else await compare();

/** Our side: the peer's weights and ids; the outputs are compared before the first answer. */
async function work(folder) {
  const tf = await loadEngine();
  const given = nn.safetensorsToTensors(readFileSync(join(folder, 'peer.safetensors')));
  const bert = new Bert({ vocabulary: 30522 }, new nn.RandomStream(1));
  const theirs = [...given].flatMap(([key, tensor]) =>
    key.startsWith('param.') ? [[key.slice(6), tensor]] : [],
  );
  nn.loadState(bert, nn.mapState(new Map(theirs), huggingFaceBert, bert.state()));
  const ids = given.get('ids');
  const mask = tf.onesLike(ids);
  const apart = tf.tidy(() => {
    const { tokens } = bert.encode(ids, mask, nn.evaluation());
    return tf.max(tf.abs(tf.sub(tokens, given.get('output')))).dataSync()[0];
  });
  if (!(apart < 1e-4)) throw new Error(`outputs differ by ${apart}`);
  process.stderr.write(`outputs differ by at most ${apart.toExponential(1)}\n`);
  await answer(() => {
    tf.tidy(() => {
      bert.encode(ids, mask, nn.evaluation()).tokens.dataSync();
    });
  });
}

async function compare() {
  const threads = String(availableParallelism());
  const folder = mkdtempSync(join(tmpdir(), 'bench-bert-'));
  try {
    const script = fileURLToPath(new URL('peers/bert_torch.py', import.meta.url));
    const theirs = contender(options.peer, [script, options.texts, options.tokens, threads, folder]);
    await theirs.ask(); // its weights are written before the first answer
    const self = [fileURLToPath(import.meta.url), '--answer', '--folder', folder];
    const ours = contender(process.execPath, self);
    const rounds = await takeTurns(ours, theirs, { warmUp: 1, repetitions: Number(options.repetitions) });
    printRounds(rounds, 'PyTorch', '@bipvl/text-encoder');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
