#!/bin/sh
# Builds ../lib/engine.wasm from engine.c and QuickJS 2025-04-26, unchanged, as Debian has it (source package quickjs).
# Needs clang 14, lld, wasi-libc and libclang-rt-14-dev-wasm32. Give the source archive as the argument:
#   apt-get source --download-only quickjs=2025.04.26-1        (with deb-src of trixie)
#   engine/build.sh quickjs_2025.04.26.orig.tar.xz
set -eu
[ $# -eq 1 ] || { sed -n '2,6s/^# *//p' "$0"; exit 2; }
sha256=ec81da5b3249ed648dbc7df4a1654988910e66a118d9b71cb63534216efcfbbe
[ "$(sha256sum < "$1")" = "$sha256  -" ] || { echo "$1 is not the archive that this engine is made of" >&2; exit 1; }

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xf "$1" -C "$work" --strip-components=1
printf '' > "$work/setjmp.h" # included and not used; wasi-libc has none

# EMSCRIPTEN: a switch instead of computed gotos, which wasm does not have, and no threads.
flags="--target=wasm32-wasi ${OPT:--O2} -DEMSCRIPTEN -DCONFIG_STACK_CHECK -D_GNU_SOURCE -ffunction-sections -fdata-sections -ffile-prefix-map=$work=quickjs"
for file in quickjs libregexp libunicode cutils dtoa; do
  clang $flags -w -I "$work" '-DCONFIG_VERSION="2025-04-26"' -c "$work/$file.c" -o "$work/$file.o"
done
clang $flags -Wall -Wextra -Wno-unused-parameter -Werror -isystem "$work" -c "$here/engine.c" -o "$work/engine.o"
clang --target=wasm32-wasi -nostartfiles -Wl,--no-entry -Wl,--gc-sections -Wl,--strip-all -Wl,--stack-first \
  -Wl,-z,stack-size=196608 -o "$here/../lib/engine.wasm" \
  "$work"/engine.o "$work"/quickjs.o "$work"/libregexp.o "$work"/libunicode.o "$work"/cutils.o "$work"/dtoa.o
chmod 644 "$here/../lib/engine.wasm"
cd "$here" && sha256sum engine.c ../lib/engine.wasm > SHA256SUMS
