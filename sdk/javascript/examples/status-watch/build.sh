#!/bin/sh
# Builds status-watch.wasm. Needs Node 20 or newer, and `npm ci` in the folder of the SDK.
set -eu
cd "$(dirname "$0")"
node ../../bin/helix-js.js build src/agent.ts -o status-watch.wasm
sha256sum src/*.ts helix.json tsconfig.json ../../template/tsconfig.json status-watch.wasm > SHA256SUMS
