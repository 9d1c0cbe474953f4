#!/bin/sh
# Checks this SDK. Says what it skips; anything else that is not right ends it with an error.
#   check.sh [QUICKJS.tar.xz]      with the archive that engine/build.sh takes, also from $HELIX_QUICKJS, the engine is built again, too
set -eu
archive=${1:-${HELIX_QUICKJS:-}}
[ -z "$archive" ] || archive=$(realpath "$archive")
cd "$(dirname "$0")"

skip() { echo "SKIPPED: $1"; }
passed() { echo "ok: $1"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd engine && sha256sum --quiet -c SHA256SUMS)
(cd examples/status-watch && sha256sum --quiet -c SHA256SUMS)
passed "what is committed is what was built of these sources"

if ! command -v node > /dev/null || [ "$(node -p 'process.versions.node.split(".")[0] >= 20')" != true ]; then
  skip "all tests: Node 20 or newer is not there"
  exit 0
fi

node --test --test-reporter=dot examples/status-watch/test
passed "the committed example works"

if ! [ -d node_modules/esbuild ] && ! npm ci --silent --no-audit --no-fund; then
  skip "building agents: esbuild could not be installed"
  exit 0
fi
node --test --test-reporter=dot test
passed "agents are built, and do what they should"

node bin/helix-js.js build examples/status-watch/src/agent.ts -o "$work/status-watch.wasm"
cmp "$work/status-watch.wasm" examples/status-watch/status-watch.wasm
passed "the example gives the same bytes when it is built again"

cp -r template "$work/agent"
mkdir -p "$work/agent/node_modules"
ln -s "$PWD" "$work/agent/node_modules/helix-agent-js"
node bin/helix-js.js build "$work/agent/src/agent.ts" -o "$work/agent/dist/my-agent.wasm"
(cd "$work/agent" && node --test --test-reporter=dot test/)
passed "the template works"

if [ -x node_modules/.bin/tsc ]; then
  for project in examples/status-watch "$work/agent"; do
    node_modules/.bin/tsc --noEmit -p "$project"
  done
  passed "types"
else
  skip "types: TypeScript is not installed"
fi

if [ -z "$archive" ]; then
  skip "building the engine again: no archive of QuickJS given"
elif ! command -v clang > /dev/null || ! command -v wasm-ld > /dev/null || ! [ -e /usr/include/wasm32-wasi/stdio.h ]; then
  skip "building the engine again: clang, wasm-ld or wasi-libc is not there"
else
  cp -r engine "$work/engine" && mkdir "$work/lib"
  "$work/engine/build.sh" "$archive"
  if cmp "$work/lib/engine.wasm" lib/engine.wasm; then
    passed "the engine gives the same bytes when it is built again"
  else
    skip "comparing the engine: $(clang --version | head -1) is not what it was built with"
    clang --version | grep -q 'version 14\.' && exit 1
  fi
fi
