// Compiles NAME.mo of the current folder to NAME.wasm and NAME.did: build.mjs NAME
import { createRequire } from 'node:module';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const motoko = require('motoko').default;
motoko.loadPackage(require('motoko/packages/latest/core.json'));

const name = process.argv[2];
const source = `${name}.mo`;
motoko.write(source, readFileSync(source, 'utf8'));
const errors = motoko.check(source).filter((found) => found.severity === 1);
for (const { message, range } of errors) {
  console.error(`${source}:${range.start.line + 1}: ${message}`);
}
if (errors.length > 0) {
  process.exit(1);
}
const { wasm, candid } = motoko.wasm(source, 'ic');
writeFileSync(`${name}.did`, candid);
// A build that is broken off leaves the module before.
writeFileSync(`${name}.wasm.new`, wasm);
renameSync(`${name}.wasm.new`, `${name}.wasm`);
