#!/usr/bin/env bash
# Puts Keylime's own servers, tenant and policy tool, and the last agent written in Python, into
# target/peers (or the folder given), where the tests of .ci/stages/35-peers.sh find them. What is
# there already is left as it is. Speaks on standard error only.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"

servers=7.14.3
agent=6.6.0
peers=${1:-$root/target/peers}

# The servers import gpg, whose package in the registry must be compiled against gpgme: Debian's is
# linked into each environment instead. Neither wheel names what it needs, so that is done here.
libraries=(alembic cryptography jinja2 jsonschema lark packaging psutil pyasn1 pyasn1-modules pyyaml
  pyzmq requests tornado typing-extensions)

# install NAME VERSION LIBRARY...: an environment with one version of Keylime, and beside it the
# templates of its configuration, which only the source package has.
install() {
  local name=$1 version=$2 home=$peers/$1-$2
  shift 2
  [[ ! -e $home/.complete ]] || return 0
  say "installing Keylime's $name $version (only this first time)"
  rm -rf "$home"
  mkdir -p "$home"
  local python=$home/env/bin/python
  /usr/bin/python3 -m venv "$home/env" >&2
  "$python" -m pip install -q --disable-pip-version-check "keylime==$version" "${libraries[@]}" "$@" >&2
  "$python" -m pip download -q --disable-pip-version-check --no-deps --no-binary :all: \
    -d "$home" "keylime==$version" >&2
  tar -xzf "$home/keylime-$version.tar.gz" -C "$home" "keylime-$version/templates"
  mv "$home/keylime-$version/templates" "$home/templates"
  rm -rf "$home/keylime-$version" "$home/keylime-$version.tar.gz"
  local packages
  packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  ln -sfn /usr/lib/python3/dist-packages/gpg "$packages/gpg"
  "$python" -c 'import gpg, keylime' >&2
  touch "$home/.complete"
}

need_packages python3-venv python3-gpg swtpm swtpm-tools tpm2-tools libtpms0
mkdir -p "$peers"
exec 9>"$peers/.lock"
flock 9
# The environment of who runs the tests must not change whom the programs trust.
unset REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
install servers "$servers" sqlalchemy
install agent "$agent" 'sqlalchemy<2' simplejson
