#!/usr/bin/env bash
# Runs the demo as a newcomer does, twice: the second run starts from what the first built.
# Seconds: 600
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
./keystead demo
begun=$SECONDS
./keystead demo --output json | grep -q '"ok": true'
echo "the second run took $((SECONDS - begun)) s"
