#!/bin/sh
# Builds feed-watch.wasm. Needs Rust with the target wasm32-unknown-unknown; see the README of the SDK. The committed file
# is of Debian's Rust 1.63.0: the same sources and toolchain give the same bytes, in whatever folder they lie.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C # so that SHA256SUMS has one order
cargo=${CARGO:-cargo}
# Options from elsewhere would change the bytes.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
(cd ../.. && "$cargo" build --locked --release --target wasm32-unknown-unknown --target-dir target -p feed-watch)
cp ../../target/wasm32-unknown-unknown/release/feed_watch.wasm feed-watch.wasm
chmod 644 feed-watch.wasm
sha256sum Cargo.toml src/*.rs ../../Cargo.toml ../../Cargo.lock ../../helix-agent/src/*.rs ../../helix-agent/src/json/*.rs \
  ../../helix-agent-macros/src/*.rs feed-watch.wasm > SHA256SUMS
