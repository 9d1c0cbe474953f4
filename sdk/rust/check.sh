#!/bin/sh
# Checks the SDK with the Rust that is there: native tests, the template, the .wasm of the example. Says what it skips.
# Needs no network; helix-agent-json is checked when cargo can get serde.
set -eu
cd "$(dirname "$0")"
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Debian's packages librust-*-dev are a registry in a folder.
debian_crates=/usr/share/cargo/registry
debian_source() {
    cargo "$@" --offline --config 'source.crates-io.replace-with="debian"' \
        --config "source.debian.directory=\"$debian_crates\""
}

say() { printf '%s\n' "$*"; }
skipped() { say "skipped: $*"; }

# Runs a command silently, unless it fails.
step() {
    what=$1
    shift
    if "$@" > "$work/log" 2>&1; then
        say "ok: $what"
    else
        cat "$work/log"
        say "FAILED: $what"
        exit 1
    fi
}

# Debian has the target and its linker in packages of their own.
has_wasm() {
    printf '' | rustc --target wasm32-unknown-unknown --crate-type cdylib --crate-name probe -o "$work/probe.wasm" - > /dev/null 2>&1
}

# The folders of all toolchains to try: the one in PATH, and that of the system.
toolchains() {
    first=$(dirname "$(command -v cargo 2> /dev/null || echo ./none)")
    [ ! -x "$first/rustc" ] || say "$first"
    [ "$first" = /usr/bin ] || [ ! -x /usr/bin/cargo ] || [ ! -x /usr/bin/rustc ] || say /usr/bin
}

check_native() {
    step "tests of the SDK and the example" cargo test --offline --locked --target-dir "$target"
    step "a project from the template" new_project
    if [ -d "$debian_crates/serde" ] || ls -d "$debian_crates"/serde-1* > /dev/null 2>&1; then
        step "tests of helix-agent-json" debian_source test --locked --target-dir "$target" --manifest-path helix-agent-json/Cargo.toml
    elif cargo fetch --offline --locked --manifest-path helix-agent-json/Cargo.toml > /dev/null 2>&1; then
        step "tests of helix-agent-json" cargo test --offline --locked --target-dir "$target" --manifest-path helix-agent-json/Cargo.toml
    else
        skipped "tests of helix-agent-json: no serde here (Debian: librust-serde-dev librust-serde-derive-dev librust-serde-json-dev; or: cargo fetch --manifest-path helix-agent-json/Cargo.toml)"
    fi
}

new_project() {
    rm -rf "$work/new-agent"
    ./new.sh "$work/new-agent" && (cd "$work/new-agent" && cargo test --offline --target-dir "$target")
}

check_wasm() {
    cp -R Cargo.toml Cargo.lock helix-agent helix-agent-macros examples "$work/"
    step "build of feed-watch.wasm" "$work/examples/feed-watch/build.sh"
    step "a .wasm from the template" sh -c "cd '$work/new-agent' && cargo build --offline --release --target wasm32-unknown-unknown --target-dir '$target'"
    inspect "$work/examples/feed-watch/feed-watch.wasm"
    inspect "$target/wasm32-unknown-unknown/release/new_agent.wasm"
    if [ "$(rustc --version)" = "rustc 1.63.0" ]; then
        step "the committed feed-watch.wasm is what this toolchain makes" \
            cmp "$work/examples/feed-watch/feed-watch.wasm" examples/feed-watch/feed-watch.wasm
    else
        skipped "comparing feed-watch.wasm: the committed one is of Debian's rustc 1.63.0, this is $(rustc --version)"
    fi
}

inspect() {
    if command -v node > /dev/null; then
        step "sections of $(basename "$1")" node inspect.mjs "$1"
    else
        skipped "sections of $(basename "$1"): no node"
    fi
}

step "SHA256SUMS of feed-watch" sh -c 'cd examples/feed-watch && sha256sum -c SHA256SUMS'
inspect examples/feed-watch/feed-watch.wasm

found=$(toolchains)
[ -n "$found" ] || skipped "everything that needs Rust: no cargo and rustc here (Debian: apt-get install rustc cargo)"
built=no
path=$PATH
for folder in $found; do
    PATH=$folder:$path
    version=$(rustc --version 2> /dev/null) || { skipped "$folder/rustc: it does not run"; continue; }
    say "-- $version"
    target=$PWD/target/$(printf '%s' "$version" | tr -c 'A-Za-z0-9.' -)
    check_native
    if has_wasm; then
        check_wasm
        built=yes
    fi
done
[ -z "$found" ] || [ $built = yes ] || skipped "building .wasm: no target wasm32-unknown-unknown (rustup target add wasm32-unknown-unknown; Debian: apt-get install libstd-rust-dev-wasm32 lld)"
