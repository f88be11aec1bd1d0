# Sourced by ./keystead, ./test and .ci: finds the JDK and Maven, installs what the system lacks.
# Speaks on standard error only, so that a command's output stays its own.

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")

# Maven 3 itself uses what JDK 25 warns about.
export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"

say() { printf 'keystead: %s\n' "$*" >&2; }

die() {
  say "$@"
  exit 2
}

is_jdk_25() {
  [[ -x $1/bin/javac && -r $1/release ]] && grep -qE '^JAVA_VERSION="25["._+-]' "$1/release"
}

# Sets JAVA_HOME to a JDK 25, wherever one is usually installed.
find_jdk() {
  local home=${HOME:-/nonexistent} on_path='' candidate
  if command -v javac >/dev/null; then
    on_path=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
  fi
  for candidate in "${JAVA_HOME:-}" "${JAVA_HOME_25:-}" "${JAVA_HOME_25_X64:-}" "$on_path" \
    /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* /usr/local/*jdk* \
    "$home"/.sdkman/candidates/java/* "$home"/.jdks/* \
    "$home"/.asdf/installs/java/* "$home"/.local/share/mise/installs/java/*; do
    if [[ -n $candidate ]] && is_jdk_25 "$candidate"; then
      export JAVA_HOME=$candidate
      return
    fi
  done
  die 'no JDK 25 found. Install one (Debian: Eclipse Temurin, package temurin-25-jdk; or unpack any' \
    'JDK 25 under /opt) or set JAVA_HOME to it.'
}

# Sets mvn to Maven's launcher.
find_maven() {
  local home=${HOME:-/nonexistent} candidate
  for candidate in "$(command -v mvn || true)" "${MAVEN_HOME:-}/bin/mvn" /opt/*maven*/bin/mvn \
    /usr/share/maven/bin/mvn "$home"/.sdkman/candidates/maven/current/bin/mvn; do
    if [[ -x $candidate ]]; then
      mvn=$candidate
      return
    fi
  done
  die 'Maven is needed to build and was not found. Install it: apt-get install maven'
}

has_package() {
  case $1 in
    libtpms0) ldconfig -p 2>/dev/null | grep -q 'libtpms\.so\.0' || compgen -G '/usr/lib*/*/libtpms.so.0' >/dev/null || compgen -G '/usr/lib*/libtpms.so.0' >/dev/null ;;
    swtpm) command -v swtpm >/dev/null ;;
    swtpm-tools) command -v swtpm_setup >/dev/null ;;
    tpm2-tools) command -v tpm2_checkquote >/dev/null ;;
    gcc) command -v gcc >/dev/null ;;
    libcurl4-openssl-dev) compgen -G '/usr/include/*/curl/curl.h' >/dev/null || [[ -e /usr/include/curl/curl.h ]] ;;
    protobuf-compiler) command -v protoc >/dev/null ;;
    python3-grpcio) /usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null ;;
    python3-venv) /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    python3-gpg) /usr/bin/python3 -c 'import gpg' 2>/dev/null ;;
    *) die "has_package does not know $1" ;;
  esac
}

# Installs those of the given Debian packages that are missing, or says how and stops.
need_packages() {
  local missing=() package
  for package in "$@"; do
    has_package "$package" || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  local command="apt-get install -y --no-install-recommends ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    die "these are missing: ${missing[*]} (the names of Debian's packages). Install them and try again."
  fi
  if [[ $(id -u) -ne 0 ]]; then
    die "these system packages are missing: ${missing[*]}. Install them with: sudo $command"
  fi
  say "installing the system packages ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -q && $command; } >&2 || die "could not install them. Try by hand: $command"
}
