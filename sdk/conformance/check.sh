#!/bin/sh
# Runs what can be run here, says what was skipped; not 0 when something failed.
set -eu
cd "$(dirname "$0")"

(cd guests && sha256sum --quiet -c SHA256SUMS)
echo "conformance: the guests are those of SHA256SUMS"

if command -v node > /dev/null; then
  node --test --test-reporter=dot conformance.test.js
  echo "conformance: the host in JavaScript passes"
else
  echo "conformance: skipped: the cases (no node)"
fi

if command -v clang > /dev/null && command -v wasm-ld > /dev/null; then
  copy=$(mktemp -d)
  trap 'rm -rf "$copy"' EXIT
  mkdir "$copy/conformance"
  cp -R ../c "$copy"
  cp -R build.sh guests "$copy/conformance"
  "$copy/conformance/build.sh"
  if clang --version | grep -q 'version 14\.'; then
    cmp guests/SHA256SUMS "$copy/conformance/guests/SHA256SUMS"
    echo "conformance: the guests are what their sources build"
  else
    echo "conformance: the guests build; skipped: comparing them (not clang 14)"
  fi
else
  echo "conformance: skipped: building the guests (no clang, no lld)"
fi
