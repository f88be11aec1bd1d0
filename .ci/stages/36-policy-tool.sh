#!/usr/bin/env bash
# Compares policies and signatures of Keylime's own policy tool with ours, both ways.
# Seconds: 180
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../scripts/setup.sh"
cd "$root"
find_jdk
find_maven
bench/policy 1

peer=$root/target/peers/servers-7.14.3/env/bin
work=$root/target/bench-policy
policy=$work/keystead.json
for form in ecdsa x509; do
  rm -f "$work/$form".*
  ./keystead policy sign "$policy" --new-key "$work/$form.key" --key-form $form \
    --verifier "$work/$form.pub" --to "$work/$form.ours"
  # Their verifier takes the bare public key, also of a certificate.
  public=$work/$form.pub
  if [[ $form == x509 ]]; then
    public=$work/$form.spki
    openssl x509 -in "$work/$form.pub" -pubkey -noout >"$public"
  fi
  # The environment of the tool has no configuration, and says so; only its answer counts.
  "$peer/python" - "$work/$form.ours" "$public" 2>/dev/null <<'PYTHON' || die "Keylime does not verify our $form signature"
import sys
from keylime.ima import ima
policy, key = (open(name, 'rb').read() for name in sys.argv[1:])
ima.verify_runtime_policy(policy, key, True)
try:
    ima.verify_runtime_policy(policy.replace(b'"payload":"e', b'"payload":"f'), key, True)
except Exception:
    sys.exit(0)
sys.exit(1)
PYTHON
  "$peer/keylime-policy" sign runtime -r "$policy" -p "$work/$form.theirkey" -b $form \
    -c "$work/$form.cert" -o "$work/$form.theirs" 2>/dev/null
  if [[ $form == ecdsa ]]; then
    openssl ec -in "$work/$form.theirkey" -pubout -out "$work/$form.cert" 2>/dev/null
  fi
  ./keystead policy verify "$work/$form.theirs" --key "$work/$form.cert"
  if ./keystead policy verify "$work/$form.theirs" --key "$work/$form.pub" 2>/dev/null; then
    die "a signature of another key was verified"
  fi
  # The key that their tool made signs with ours, too.
  ./keystead policy sign "$policy" --key "$work/$form.theirkey" --to "$work/$form.again" >/dev/null
done
echo 'policies and signatures agree both ways'
