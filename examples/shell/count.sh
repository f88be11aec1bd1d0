#!/bin/sh
# Counts its own starts; nobody else can read or forge the count: count.sh SEALED ATTESTATION.
# keystead tao speaks as this script, because it inherits the script's way to the host.
set -eu
starts=0
if [ -e "$1" ]; then
  starts=$(keystead tao unseal --in "$1")
fi
starts=$((starts + 1))
printf %s "$starts" | keystead tao seal --out "$1"
printf 'start %s' "$starts" | keystead tao attest --out "$2"
echo "start $starts"
