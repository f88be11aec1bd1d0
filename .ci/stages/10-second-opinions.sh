#!/usr/bin/env bash
# Asks tpm2_eventlog, tpm2_checkquote and Google's go-attestation what they think of our evidence.
# Seconds: 240
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
find_maven
need_packages swtpm libtpms0 tpm2-tools

PATH=$PATH:/usr/local/go/bin
command -v go >/dev/null || die 'no go found: this stage builds lab/go-attestation with it. Install Go 1.24 or newer.'
mkdir -p target
export GOATTESTATION=$root/target/goattestation
(cd lab/go-attestation && go build -o "$GOATTESTATION" .)

"$mvn" -B -ntp -q -pl lab -am test -DexcludedGroups= -Dgroups=slow -Dspotless.check.skip=true \
  -Dtest='dev/keystead/lab/opinion/*Test' -Dsurefire.failIfNoSpecifiedTests=false
awk -F'"' '/<testsuite / { for (i = 1; i < NF; i++) if ($i ~ / tests=$/) tests += $(i + 1) }
  END { print tests " opinions"; exit !tests }' lab/target/surefire-reports/TEST-dev.keystead.lab.opinion.*.xml
