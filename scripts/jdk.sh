# shellcheck shell=bash
# Sourced by ./dev and ./quotary: sets JAVA_HOME to a Java of version 25 or newer, or says what to install.

# Reads the `release` file: asking `java -version` would cost every start another JVM.
is_java25() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${version:-0}" -ge 25 ]
}

java_homes() {
  printf '%s\n' "${JAVA_HOME:-}" /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/*
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v 25+ 2>/dev/null || true
  fi
  if command -v java >/dev/null; then
    java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
  fi
}

use_java25() {
  local home
  # The one that is set is tried alone first: the search starts a JVM.
  if is_java25 "${JAVA_HOME:-}"; then
    export JAVA_HOME
    return
  fi
  while IFS= read -r home; do
    if is_java25 "$home"; then
      export JAVA_HOME=$home
      return
    fi
  done < <(java_homes)
  echo "Quotary needs JDK 25 or newer: install one (for example Temurin 25), or set JAVA_HOME to it." >&2
  exit 1
}
