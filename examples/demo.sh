#!/bin/sh
# The main job from start to end, in a copy of examples/salon-chain that is thrown away. Run by `make demo`.
set -eu
provisioner=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cp -R "$here/salon-chain" "$work/salon-chain"
cd "$work/salon-chain"
export JUNIPER_WEST_PASSWORD=demo-west JUNIPER_HARBOUR_PASSWORD=demo-harbour JUNIPER_AIRPORT_PASSWORD=demo-airport

say() { printf '\n\033[1m%s\033[0m\n' "$1"; }
[ -t 1 ] || say() { printf '\n== %s\n' "$1"; }

say 'A salon chain: three sub-accounts, five locations, their people, menus and hours, in plain YAML'
find . -name '*.yaml' | sort

say '$ provisioner validate'
"$provisioner" validate

say '$ provisioner apply --yes        (plans first, then carries out exactly that plan)'
"$provisioner" apply --yes

say '$ provisioner plan               (a second plan is empty)'
"$provisioner" plan

say 'One price changes in west/west.yaml: 42 -> 44'
sed 's/haircut: {price: 42}/haircut: {price: 44}/' west/west.yaml > west.new && mv west.new west/west.yaml
say '$ provisioner plan'
"$provisioner" plan

say 'What to try next'
cat <<'NEXT'
  .venv/bin/provisioner -C /tmp/my-salon init     start a workspace of your own
  .venv/bin/provisioner -C /tmp/my-salon plan     see what it would make
  .venv/bin/provisioner -C /tmp/my-salon apply    make it (in the embedded sandbox)
  .venv/bin/provisioner sandbox serve             look at the sandbox in a browser
  docs/quickstart.md                              ten minutes from nothing to a bookable studio
NEXT
