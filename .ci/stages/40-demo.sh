#!/usr/bin/env bash
# Runs the demo twice: all of it must happen, and nothing of the first run may be left for the second.
# Seconds: 300
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
mkdir -p target
temporary=$(mktemp -d "${TMPDIR:-/tmp}/keystead-stage-XXXXXX")
trap 'rm -rf "$temporary"' EXIT
chmod 711 "$temporary" # Hosted programs are not root, and have to reach what they are made of.
export KEYSTEAD_JAVA_OPTIONS="-Djava.io.tmpdir=$temporary"

# The demo's own time, in ms, is a line of its JSON: "tookMillis": 1234,
took() { sed -n 's/^  "tookMillis": \([0-9]*\).*/\1/p' "$1"; }

for run in 1 2; do
  out=target/demo-$run.json
  begun=$(date +%s%3N)
  if ! ./keystead demo --output json >"$out"; then
    cat "$out"
    echo "run $run: the demo did not end well"
    exit 1
  fi
  ended=$(date +%s%3N)
  grep -q '^  "ok": true' "$out" || { cat "$out"; echo "run $run: not all of it happened"; exit 1; }
  if [[ -n $(ls -A "$temporary") ]]; then
    ls -lA "$temporary"
    echo "run $run left something behind"
    exit 1
  fi
  start=$((ended - begun - $(took "$out")))
  echo "run $run: started in $start ms, took $(took "$out") ms"
done
[[ $start -lt 10000 ]] || { echo 'the second run takes ten seconds or more to start'; exit 1; }
