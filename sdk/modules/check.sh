#!/bin/sh
# The committed .wasm files outside of the SDKs: each is what its source builds, where the compiler is. And every one that
# is committed has its hash somewhere. Says what it skips; not 0 when something failed.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd -P)
bench=$root/bench/src/main/resources/io/helix/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

sha256sum --quiet -c SHA256SUMS
(cd "$bench" && sha256sum --quiet -c SHA256SUMS)
echo "modules: bulk-write and the guest of the benchmarks are those of SHA256SUMS"

if git -C "$root" rev-parse > /dev/null 2>&1; then
  git -C "$root" ls-files '*SHA256SUMS' | while IFS= read -r sums; do
    folder=$root/$(dirname "$sums")
    sed -n 's/^[0-9a-f]*[ *]*\(.*\.wasm\)$/\1/p' "$root/$sums" | while IFS= read -r wasm; do
      realpath --relative-to "$root" "$folder/$wasm"
    done
  done | sort > "$work/hashed"
  git -C "$root" ls-files '*.wasm' | sort > "$work/committed"
  if ! diff "$work/committed" "$work/hashed" > "$work/difference"; then
    echo "modules: committed without a hash (<), or a hash without a file (>):" >&2
    cat "$work/difference" >&2
    exit 1
  fi
  echo "modules: all $(wc -l < "$work/committed") committed .wasm files have a hash"
else
  echo "modules: skipped: whether all .wasm files have a hash (no git)"
fi

if command -v wat2wasm > /dev/null; then
  resources=$root/bundles/helix-wasm/src/main/resources/io/helix/wasm
  wat2wasm "$resources/bulk-write.wat" -o "$work/bulk-write.wasm"
  cmp "$resources/bulk-write.wasm" "$work/bulk-write.wasm"
  echo "modules: bulk-write is what its source builds"
else
  echo "modules: skipped: building bulk-write (no wat2wasm; Debian: apt-get install wabt)"
fi

if command -v clang > /dev/null && command -v wasm-ld > /dev/null; then
  # The same folders, as the build finds the C SDK from its own.
  copy=$work/bench/src/main/resources/io/helix/bench
  mkdir -p "$(dirname "$copy")" "$work/sdk"
  cp -R "$bench" "$copy"
  cp -R "$root/sdk/c" "$work/sdk"
  "$copy/build.sh"
  if clang --version | grep -q 'version 14\.'; then
    cmp "$bench/guest.wasm" "$copy/guest.wasm"
    echo "modules: the guest of the benchmarks is what its source builds"
  else
    echo "modules: the guest of the benchmarks builds; skipped: comparing it (not clang 14)"
  fi
else
  echo "modules: skipped: building the guest of the benchmarks (no clang, no lld)"
fi
