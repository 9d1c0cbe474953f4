#!/bin/sh
# Builds issue-digest.wasm. Needs clang and lld with the wasm32 target (Debian: apt-get install clang lld).
set -eu
cd "$(dirname "$0")"
clang --target=wasm32 -Os -flto -nostdlib -ffreestanding -fvisibility=hidden \
  -Wall -Wextra -Werror \
  -I ../.. -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=65536 \
  -o issue-digest.wasm issue-digest.c
chmod 644 issue-digest.wasm
sha256sum issue-digest.c helix.json issue-digest.wasm ../../helix.h ../../helix_json.h > SHA256SUMS
