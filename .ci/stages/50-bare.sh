#!/usr/bin/env bash
# Runs the demo as a newcomer does: a fresh clone, an empty home, an empty local Maven repository.
# Seconds: 600
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
bare=$(mktemp -d "${TMPDIR:-/tmp}/keystead-bare-XXXXXX")
trap 'rm -rf "$bare"' EXIT
mkdir "$bare/home"
git -c advice.detachedHead=false clone -q . "$bare/keystead"
cd "$bare/keystead"

# Java takes the home of its user from the system, so Maven's repository has to be named.
if ! env -u JAVA_HOME -u XDG_CACHE_HOME HOME="$bare/home" \
  MAVEN_OPTS="-Dmaven.repo.local=$bare/repository" ./keystead demo; then
  tail -n 60 target/build.log
  exit 1
fi
if [[ -n $(git status --porcelain) ]]; then
  git status --short
  echo 'building leaves files in the tree that git does not know of'
  exit 1
fi
