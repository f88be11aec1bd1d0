#!/usr/bin/env bash
# Runs the tests of hosted programs that take long: Java programs on a measured JVM.
# Seconds: 240
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
find_maven
need_packages libtpms0
"$mvn" -B -ntp -q -pl tao -am test -DexcludedGroups= -Dgroups=slow -Dspotless.check.skip=true \
  -Dtest='dev/keystead/tao/**' -Dsurefire.failIfNoSpecifiedTests=false
grep -q 'tests="2"' tao/target/surefire-reports/TEST-dev.keystead.tao.launch.JavaProgramTest.xml
