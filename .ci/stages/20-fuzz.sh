#!/usr/bin/env bash
# Fuzzes every parser in the tree for a minute each, two on a core at a time.
# Seconds: 1800
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
find_maven
need_packages libtpms0
export root logs=$root/target/fuzz
mkdir -p "$logs"

# Compiled once, before anything runs side by side: each module's tests and the class path that they need.
"$mvn" -B -ntp -q test-compile dependency:build-classpath -Dmdep.includeScope=test \
  -Dmdep.outputFile=target/fuzz.classpath

# A line for each fuzz target: module, class, method.
targets() {
  local file class
  grep -rl '@FuzzTest' --include='*.java' -- */src/test | sort | while read -r file; do
    class=${file#*/src/test/java/}
    class=${class%.java}
    awk -v module="${file%%/*}" -v class="${class//\//.}" '
      /@FuzzTest/ { wanted = 1; next }
      wanted && match($0, /void [A-Za-z0-9_]+\(/) {
        print module, class, substr($0, RSTART + 5, RLENGTH - 6); wanted = 0
      }' "$file"
  done
}

# Jazzer fuzzes one target in one process; what it finds it keeps beside the test.
fuzz() {
  local module=$1 class=$2 method=$3
  local name=${class##*.}.$method
  local log=$logs/$name.log
  cd "$root/$module"
  if JAZZER_FUZZ=1 "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:+EnableDynamicAgentLoading \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "target/test-classes:target/classes:$(cat target/fuzz.classpath)" \
    "$root/.ci/Fuzz.java" "$class" "$method" >"$log" 2>&1; then
    echo "passed $module $name: $(grep -oE '^#[0-9]+' "$log" | tail -n 1 | tr -d '#') inputs"
  else
    echo "FAILED $module $name:"
    grep -v '^INFO: ' "$log" | tail -n 60
    return 1
  fi
}
export -f fuzz

list=$(targets)
[[ -n $list ]] || { echo 'no fuzz target found'; exit 1; }
printf '%s\n' "$list" | xargs -P $((2 * $(nproc))) -L 1 bash -c 'fuzz "$@"' fuzz
