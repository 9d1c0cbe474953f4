#!/bin/sh
# Makes a project from the template: new.sh FOLDER. The last part of FOLDER is the name of the plugin.
set -eu
[ $# -eq 1 ] || { echo "usage: new.sh FOLDER" >&2; exit 2; }
sdk=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$1")
case $name in
[!a-z]* | *[!a-z0-9-]*) echo "new.sh: '$name' must be small letters, digits and '-', and begin with a letter" >&2; exit 2 ;;
esac
[ ! -e "$1" ] || { echo "new.sh: $1 is already there" >&2; exit 1; }
mkdir -p "$1/src"
sed -e "s|\"my-agent\"|\"$name\"|" -e "s|\"\.\./helix-agent\"|\"$sdk/helix-agent\"|" "$sdk/template/Cargo.toml" > "$1/Cargo.toml"
sed -e "s|my-agent|$name|" "$sdk/template/src/lib.rs" > "$1/src/lib.rs"
cp "$sdk/template/.gitignore" "$1/.gitignore"
cat <<TEXT
$1 is ready. Then:

  cd $1
  cargo test
  cargo build --release --target wasm32-unknown-unknown
TEXT
