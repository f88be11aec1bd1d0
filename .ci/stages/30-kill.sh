#!/usr/bin/env bash
# Kills registrar, verifier and agents fifty times with kill -9, and looks for what was lost.
# Seconds: 420
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
find_maven
need_packages swtpm libtpms0
"$mvn" -B -ntp -q -pl lab -am test -DexcludedGroups= -Dgroups=slow -Dspotless.check.skip=true \
  -Dtest='dev/keystead/lab/kill/KillTest' -Dsurefire.failIfNoSpecifiedTests=false
grep -q 'tests="1"' lab/target/surefire-reports/TEST-dev.keystead.lab.kill.KillTest.xml
