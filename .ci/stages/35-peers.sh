#!/usr/bin/env bash
# Runs Keylime's own servers, tenant and agent beside ours, with real TPM emulators.
# Seconds: 720
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
find_maven
scripts/peers.sh
"$mvn" -B -ntp -q -pl lab -am test -DexcludedGroups= -Dgroups=peers -Dspotless.check.skip=true \
  -Dtest='dev/keystead/lab/peers/*Test' -Dsurefire.failIfNoSpecifiedTests=false
for test in lab/src/test/java/dev/keystead/lab/peers/*Test.java; do
  grep -q '<testcase' "lab/target/surefire-reports/TEST-dev.keystead.lab.peers.$(basename "$test" .java).xml"
done
