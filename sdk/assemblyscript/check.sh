#!/bin/sh
# Runs what can be run here, says what was skipped; not 0 when something failed.
set -eu
cd "$(dirname "$0")"

(cd examples/csv-to-events && sha256sum --quiet -c SHA256SUMS)
echo "assemblyscript: csv-to-events is that of SHA256SUMS"

if ! command -v node > /dev/null; then
  echo "assemblyscript: skipped: everything else (no node)"
  exit 0
fi

if [ ! -d node_modules/assemblyscript ] && command -v npm > /dev/null; then
  npm ci --no-fund --no-audit > /dev/null 2>&1 || true
fi
if [ ! -d node_modules/assemblyscript ]; then
  echo "assemblyscript: skipped: the compiler and the library (npm ci did not work)"
fi

node --test --test-reporter=dot test/*.test.js examples/*/*.test.js
echo "assemblyscript: the tests pass"

if [ -d node_modules/assemblyscript ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  node bin/helix-asc.js assembly/plugin.ts -o "$work/csv-to-events.wasm" --baseDir examples/csv-to-events > /dev/null
  cmp examples/csv-to-events/csv-to-events.wasm "$work/csv-to-events.wasm"
  echo "assemblyscript: csv-to-events is what its source builds"
fi
