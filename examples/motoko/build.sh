#!/bin/sh
# Compiles NAME.mo of the current folder to NAME.wasm and NAME.did: build.sh NAME
# Needs Node; the compiler comes from npm at the first time.
set -eu
tools=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
for tool in node npm; do
    command -v "$tool" >/dev/null || {
        echo "$tool is missing: install Node.js, or deploy the module that is there: touch $1.wasm" >&2
        exit 1
    }
done
[ -d "$tools/node_modules/motoko" ] ||
    (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund >&2)
exec node "$tools/build.mjs" "$1"
