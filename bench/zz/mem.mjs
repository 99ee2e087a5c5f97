import { loadEngine } from '@bipvl/engine';
import { RandomStream, evaluation, training, AdamW } from '@bipvl/nn';
import { createBackbone } from '@bipvl/vision';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
const [name, sidesText, mode, opts='{}'] = process.argv.slice(2);
const sides = sidesText.split(',').map(Number);
await loadEngine();
const rss = () => { const s = readFileSync('/proc/self/status','utf8'); return ['VmRSS','VmHWM'].map(k => Number(new RegExp(k+':\\s+(\\d+)').exec(s)[1])/1024); };
// warm
tf.tidy(() => tf.conv3d(tf.ones([1,4,4,4,1]), tf.ones([3,3,3,1,1]), 1, 'same').dataSync());
const [base] = rss();
const net = createBackbone(name, { inputChannels: 1, outputChannels: 3, ...JSON.parse(opts) }, new RandomStream(1));
const x = tf.randomUniform([1, ...sides, 1]);
const params = net.parameters();
const step = () => {
  if (mode === 'forward') { tf.tidy(() => { net.forward(x, evaluation()).logits.dataSync(); return []; }); return; }
  const { value, grads } = tf.variableGrads(() => { const p = net.forward(x, training(1,0)); return tf.addN([p.logits, ...p.auxiliary].map(o => tf.mean(tf.square(o)))); }, [...params.values()]);
  value.dataSync(); tf.dispose([value, grads]);
};
const bytes0 = tf.memory().numBytes;
let profile;
const aliases = new Set(['Reshape','Identity','ExpandDims','Squeeze','Snapshot']);
const backend = tf.backend(); const binding = backend.binding;
const roots = new Map(); let live=0, peak=0, peakOp='', top=[];
const nelem = (s)=>s.reduce((a,b)=>a*b,1);
const bytesOf = (m) => nelem(m.shape)*4;
if (process.env.PROFILE) backend.binding = Object.create(binding, Object.fromEntries(Object.entries({
  executeOp(name, attrs, ids, n) {
    const out = binding.executeOp(name, attrs, ids, n);
    const isAlias = aliases.has(name) || (name==='Slice' && roots.get(ids[0]) && out[0].shape.slice(1).join()===(roots.get(ids[0]).shape??[]).slice(1).join());
    for (const m of out) {
      if (isAlias && roots.has(ids[0])) { const r = roots.get(ids[0]).root; r.refs++; roots.set(m.id, {root:r, shape:m.shape}); }
      else { const r={bytes:bytesOf(m),refs:1}; live+=r.bytes; roots.set(m.id,{root:r, shape:m.shape}); }
    }
    const outs = out.reduce((a,m)=>a+bytesOf(m),0);
    if (live>peak) { peak=live; peakOp=name+' '+out[0].shape; }
    return out; },
  createTensor(shape, dtype, values) { const id = binding.createTensor(shape,dtype,values); const r={bytes:nelem(shape)*4,refs:1}; live+=r.bytes; roots.set(id,{root:r,shape}); peak=Math.max(peak,live); return id; },
  deleteTensor(id) { const e=roots.get(id); if(e){ if(--e.root.refs===0) live-=e.root.bytes; roots.delete(id);} return binding.deleteTensor(id); },
}).map(([k, value]) => [k, { value }])));

step();
const [r1, h1] = rss();
step();
const [r2, h2] = rss();
console.log(JSON.stringify({ name, sides, mode, weightsMB: bytes0/2**20, base, hwm1: h1-base, hwm2: h2-base, peakMB: bytes0/2**20 + peak/2**20, peakOp }));
