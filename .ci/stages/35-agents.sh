#!/usr/bin/env bash
# A push agent is watched and caught; a machine is started anew without its tenant. All processes.
# Seconds: 240
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
find_maven
need_packages swtpm libtpms0
"$mvn" -B -ntp -q -pl lab -am test -DexcludedGroups= -Dgroups=slow -Dspotless.check.skip=true \
  -Dtest='PushAgentTest,RebootTest' -Dsurefire.failIfNoSpecifiedTests=false
for test in push.PushAgentTest reboot.RebootTest; do
  grep -q 'tests="1"' "lab/target/surefire-reports/TEST-dev.keystead.lab.$test.xml"
done
