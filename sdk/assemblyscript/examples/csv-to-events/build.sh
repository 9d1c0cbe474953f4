#!/bin/sh
# Builds csv-to-events.wasm. Needs Node.js 20, and npm ci in the folder of the SDK before.
set -eu
cd "$(dirname "$0")"
node ../../bin/helix-asc.js assembly/plugin.ts -o csv-to-events.wasm
sha256sum helix.json config.json assembly/*.ts ../../assembly/*.ts csv-to-events.wasm > SHA256SUMS
