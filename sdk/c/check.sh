#!/bin/sh
# Runs what can be run here, says what was skipped; not 0 when something failed.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd examples/issue-digest && sha256sum --quiet -c SHA256SUMS)
echo "c: issue-digest is that of SHA256SUMS"

if command -v "${CC:-cc}" > /dev/null; then
  sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all"
  echo 'int main(void) { return 0; }' > "$work/try.c"
  # shellcheck disable=SC2086
  if ! "${CC:-cc}" $sanitize -o "$work/try" "$work/try.c" 2> /dev/null || ! "$work/try" 2> /dev/null; then
    sanitize=
    echo "c: skipped: sanitizers (${CC:-cc} has none)"
  fi
  for test in json agent issue_digest; do
    # shellcheck disable=SC2086
    "${CC:-cc}" -std=gnu11 -g -Wall -Wextra -Werror $sanitize -I . -o "$work/$test" "test/${test}_test.c"
    "$work/$test"
    echo "c: $test passes"
  done
  ./new.sh "$work/new-agent" > /dev/null
  if command -v make > /dev/null; then
    make -s -C "$work/new-agent" test SANITIZE="$sanitize" > /dev/null
    echo "c: the tests of a project from the template pass"
  else
    echo "c: skipped: a project from the template (no make)"
  fi
else
  echo "c: skipped: the tests (no C compiler)"
fi

if command -v clang > /dev/null && command -v wasm-ld > /dev/null; then
  mkdir -p "$work/c/examples"
  cp helix.h helix_json.h "$work/c"
  cp -R examples/issue-digest "$work/c/examples"
  "$work/c/examples/issue-digest/build.sh"
  if clang --version | grep -q 'version 14\.'; then
    cmp examples/issue-digest/issue-digest.wasm "$work/c/examples/issue-digest/issue-digest.wasm"
    echo "c: issue-digest is what its source builds"
  else
    echo "c: issue-digest builds; skipped: comparing it (not clang 14)"
  fi
  if [ -d "$work/new-agent" ] && command -v make > /dev/null; then
    make -s -C "$work/new-agent"
    export HELIX_TEMPLATE_WASM="$work/new-agent/build/new-agent.wasm"
    echo "c: a project from the template builds"
  fi
else
  echo "c: skipped: building issue-digest and the template (no clang, no lld)"
fi

if command -v node > /dev/null; then
  node --test --test-reporter=dot test/*.test.js
  echo "c: the modules pass in the host in JavaScript"
else
  echo "c: skipped: the modules in the host in JavaScript (no node)"
fi
