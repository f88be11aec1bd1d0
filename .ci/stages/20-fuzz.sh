#!/usr/bin/env bash
# Fuzzes every parser in the tree for a minute each, two on a core at a time.
# Seconds: 1800
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
find_maven
export mvn logs=$root/target/fuzz
mkdir -p "$logs"

# A line for each fuzz target: module, class, method.
targets() {
  local file
  grep -rl '@FuzzTest' --include='*.java' -- */src/test | sort | while read -r file; do
    awk -v module="${file%%/*}" -v class="$(basename "$file" .java)" '
      /@FuzzTest/ { wanted = 1; next }
      wanted && match($0, /void [A-Za-z0-9_]+\(/) {
        print module, class, substr($0, RSTART + 5, RLENGTH - 6); wanted = 0
      }' "$file"
  done
}

# Jazzer fuzzes one target in one run of the tests; what it finds it keeps beside the test.
fuzz() {
  local module=$1 class=$2 method=$3 log=$logs/$2.$3.log
  if JAZZER_FUZZ=1 "$mvn" -o -B -ntp -q -pl "$module" -am test -Dtest="$class#$method" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dsurefire.reportsDirectory="$logs/$class.$method" \
    -Dspotless.check.skip=true >"$log" 2>&1; then
    echo "passed $module $class.$method: $(grep -oE '#[0-9]+' "$log" | tail -n 1 | tr -d '#') inputs"
  else
    echo "FAILED $module $class.$method:"
    tail -n 60 "$log"
    return 1
  fi
}
export -f fuzz

list=$(targets)
[[ -n $list ]] || { echo 'no fuzz target found'; exit 1; }
printf '%s\n' "$list" | xargs -P $((2 * $(nproc))) -L 1 bash -c 'fuzz "$@"' fuzz
