import { loadEngine } from '@bipvl/engine';
import { RandomStream, training, evaluation, variableGradients } from '@bipvl/nn';
import { createBackbone } from '@bipvl/vision';
import * as tf from '@tensorflow/tfjs-core';
await loadEngine();
const side = Number(process.argv[2] ?? 64);
const network = createBackbone('medformer', {inputChannels:1,outputChannels:16}, new RandomStream(1));
const parameters = network.parameters();
const image = tf.randomUniform([1,side,side,side,1],-1,1,'float32',1);
const step = () => tf.tidy(() => { const { value, gradients } = variableGradients(() => { const {logits, auxiliary} = network.forward(image, training(0,0)); return tf.addN([logits,...auxiliary].map(e=>tf.mean(tf.square(e)))); }, parameters); value.dataSync(); });
step();
const b = tf.backend(); const times = new Map();
const binding = b.binding; const orig = binding.executeOp.bind(binding);
b.binding.executeOp = undefined;
try { binding.executeOp = (name,...a) => { const t=performance.now(); const r=orig(name,...a); const e=times.get(name)??[0,0]; e[0]+=performance.now()-t; e[1]++; times.set(name,e); return r; }; } catch(e) { console.log(e); }
for (const [w,run] of [['forward',()=>tf.tidy(()=>network.forward(image,evaluation()).logits.dataSync())],['step',step]]) { times.clear(); const t=performance.now(); run(); console.log(w, Math.round(performance.now()-t)); for (const [n,[ms,c]] of [...times].sort((x,y)=>y[1][0]-x[1][0]).slice(0,16)) console.log('  ',n.padEnd(36),Math.round(ms),c); }
