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
mkdir -p "$1/test"
for file in README.md helix.json; do
  sed -e "s|my-agent|$name|g" "$sdk/template/$file" > "$1/$file"
done
sed -e "s|my-agent|$name|g" -e "s|^SDK ?= .*|SDK ?= $sdk|" "$sdk/template/Makefile" > "$1/Makefile"
cp "$sdk/template/.gitignore" "$sdk/template/agent.c" "$1"
cp "$sdk/template/test/agent_test.c" "$1/test"
cat <<TEXT
$1 is ready. Then:

  cd $1
  make test
  make
TEXT
