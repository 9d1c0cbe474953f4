#!/bin/sh
# Builds the guests. Needs clang and lld with the wasm32 target (Debian: apt-get install clang lld).
set -eu
cd "$(dirname "$0")/guests"

# build SOURCE WASM [option..]
build() {
  source=$1
  wasm=$2
  shift 2
  clang --target=wasm32 -Os -flto -nostdlib -ffreestanding -fvisibility=hidden \
    -Wall -Wextra -Werror -Wno-int-to-pointer-cast -Wno-infinite-recursion \
    -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=65536 "$@" -o "$wasm" "$source"
  chmod 644 "$wasm"
}

for guest in input output config log time raw trap init source handlers wasi; do
  build $guest.c $guest.wasm
done
for guest in emit kv http call; do
  build $guest.c $guest.wasm "-DMANIFEST=\"$guest.json\""
done
build emit.c emit-any.wasm '-DMANIFEST="emit-any.json"'
for guest in kv http call; do
  build $guest.c $guest-denied.wasm "-DMANIFEST=\"$guest-denied.json\""
done

for manifest in good abi2 noname version kind key twice schema none notjson; do
  build refused.c refused-$manifest.wasm "-DMANIFEST=\"refused-$manifest.json\""
done
good='-DMANIFEST="refused-good.json"'
build refused.c refused-no-manifest.wasm -DWITHOUT_MANIFEST
build refused.c refused-unknown-function.wasm -DUNKNOWN_FUNCTION "$good"
build refused.c refused-unknown-module.wasm -DUNKNOWN_MODULE "$good"
build refused.c refused-wrong-import.wasm -DWRONG_IMPORT "$good"
build refused.c refused-wrong-handler.wasm -DWRONG_HANDLER "$good"
build refused.c refused-no-handler.wasm -DWITHOUT_HANDLER "$good"
build refused.c refused-imported-memory.wasm -Wl,--import-memory "$good"

sha256sum *.c *.h *.json ../../c/helix.h ../../c/helix_json.h *.wasm > SHA256SUMS
