// The kernels in V8: node kernels.mjs MODULE ROUNDS KERNEL...
// Prints as BenchMain does: name, median nanoseconds of processor time, reply.
import { readFileSync } from 'node:fs';

const WARM_UP_MS = 1500;
const [file, rounds, ...kernels] = process.argv.slice(2);
let reply = '';
const { instance } = await WebAssembly.instantiate(readFileSync(file), {
  ic0: {
    msg_reply_data_append: (at, size) => {
      reply = Buffer.from(instance.exports.memory.buffer, at, size).toString('hex');
    },
    msg_reply: () => {},
  },
});
for (const kernel of kernels) {
  const run = instance.exports[`canister_update ${kernel}`];
  const began = performance.now();
  for (let i = 0; i < 3 || performance.now() - began < WARM_UP_MS; i++) run();
  const micros = [];
  for (let i = 0; i < Number(rounds); i++) {
    const before = process.cpuUsage();
    run();
    const used = process.cpuUsage(before);
    micros.push(used.user + used.system);
  }
  micros.sort((a, b) => a - b);
  console.log(kernel, micros[(micros.length - 1) >> 1] * 1000, reply);
}
