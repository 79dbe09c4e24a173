// Compiles the Motoko canisters with both compiler lines: build.mjs OUT_DIR
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const lines = { motoko4: 'motoko', motoko3: 'motoko-3' }; // 64-bit memory and table; 32-bit

export function build(out) {
  mkdirSync(out, { recursive: true });
  const source = readFileSync(new URL('canisters/Counter.mo', import.meta.url), 'utf8');
  for (const [line, name] of Object.entries(lines)) {
    const module = require(name);
    const compiler = module.default ?? module;
    compiler.write('Counter.mo', source);
    const { wasm } = compiler.wasm('Counter.mo', 'ic');
    writeFileSync(join(out, `counter-${line}.wasm`), wasm);
    writeFileSync(join(out, `counter-${line}.did`), compiler.candid('Counter.mo'));
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  build(process.argv[2]);
}
