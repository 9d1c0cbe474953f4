#!/bin/sh
# Builds guest.wasm. Needs clang and lld with the wasm32 target (Debian: apt-get install clang lld) and a checkout, for
# the C SDK.
set -eu
cd "$(dirname "$0")"
sdk=../../../../../../../sdk/c
clang --target=wasm32 -Os -flto -nostdlib -ffreestanding -fvisibility=hidden \
  -Wall -Wextra -Werror \
  -I . -I $sdk -I $sdk/examples/issue-digest -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=65536 \
  -o guest.wasm guest.c
chmod 644 guest.wasm
sha256sum guest.c helix.json guest.wasm $sdk/examples/issue-digest/issue-digest.c $sdk/helix.h $sdk/helix_json.h > SHA256SUMS
