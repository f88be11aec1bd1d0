#!/usr/bin/env bash
# Runs the examples in C, Python, shell and Java on a host: each counts its starts, sealed and attested.
# Seconds: 300
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
need_packages libtpms0 gcc libcurl4-openssl-dev protobuf-compiler python3-grpcio

# Hosted programs are not root, and have to reach what they are made of.
work=$(mktemp -d /tmp/keystead-examples-XXXXXX)
host=
finish() {
  if [[ -n $host ]]; then
    kill "$host" && wait "$host" || true
  fi
  rm -rf "$work"
}
trap finish EXIT
chmod 755 "$work"
mkdir "$work/data" "$work/lib"
user=()
if [[ $(id -u) -eq 0 ]]; then
  user=(--user 65534)
  chown 65534:65534 "$work/data"
fi

./keystead --version
cp cli/target/dist/lib/*.jar "$work/lib"
cat >"$work/keystead" <<EOF
#!/bin/sh
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \\
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \\
  -cp "$work/lib/*" dev.keystead.cli.Main "\$@"
EOF
chmod 755 "$work/keystead"
keystead() { "$work/keystead" "$@"; }

gcc -O2 -Wall -Wextra -Werror -o "$work/count" examples/c/count.c -lcurl
gcc -O2 -g -o "$work/changed" examples/c/count.c -lcurl
protoc -I program/src/main/protobuf/dev/keystead/tao/v1 --python_out="$work" tao.proto
mkdir "$work/classes"
"$JAVA_HOME/bin/javac" -cp "$work/lib/*" -d "$work/classes" examples/java/Count.java
"$JAVA_HOME/bin/jar" --create --file "$work/count.jar" -C "$work/classes" .
cp examples/python/count.py examples/shell/count.sh "$work"
chmod -R go+rX "$work/lib" "$work/"*.* "$work/count" "$work/changed"

keystead host init --dir "$work/host" --tpm "embedded:$work/tpm" --owner "$work/owner"
"$work/keystead" host start --dir "$work/host" --socket "$work/socket" --store "$work/store" >"$work/log" &
host=$!
for _ in $(seq 100); do
  if grep -q unix: "$work/log"; then break; fi
  sleep 0.2
done

# Starts a program and waits until it has written its attestation anew.
start() {
  local language=$1 handle
  shift
  rm -f "$work/data/$language.attestation"
  handle=$(keystead run --host "unix:$work/socket" "${user[@]}" "$@" \
    "$work/data/$language.sealed" "$work/data/$language.attestation")
  for _ in $(seq 150); do
    if [[ -s $work/data/$language.attestation ]]; then break; fi
    sleep 0.2
  done
  sleep 0.5
  keystead logs --host "unix:$work/socket" "$handle"
}

counts() {
  local language=$1
  [[ $(start "$@") == "start 1" ]] || { echo "$language: its first start is not the first"; exit 1; }
  [[ $(start "$@") == "start 2" ]] || { echo "$language: its second start is not the second"; exit 1; }
  keystead attestation verify --policy-key "$work/host/policy-key.pem" \
    "$work/data/$language.attestation" | tee "$work/said"
  grep -q '^data     start 2$' "$work/said"
  echo "$language counts its starts"
}

counts c "$work/count"
counts python --interpreter /usr/bin/python3 --env "PYTHONPATH=$work" "$work/count.py"
counts shell --interpreter /bin/sh --env "PATH=$work:/usr/bin:/bin" "$work/count.sh"
jars=(--jar "$work/count.jar")
for jar in "$work"/lib/{keystead-{tpm,claims,tao,program},grpc-,netty-,protobuf-,guava-,failureaccess-,perfmark-}*.jar; do
  jars+=(--jar "$jar")
done
counts java --java "$JAVA_HOME" "${jars[@]}" --java-option=-XX:+UseSerialGC \
  --java-option=--enable-native-access=ALL-UNNAMED Count

# A program that is not the same byte for byte is another, and does not read what the first sealed.
[[ $(start c "$work/changed") == "no Unseal" ]] || { echo 'a changed program unseals'; exit 1; }
echo 'a changed program does not'
