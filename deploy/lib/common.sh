# Shared by deploy/demo and deploy/test. Sourced, not run.

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
NATIVE_PACKAGES=(gcc libc6-dev cmake ninja-build libssl-dev pkg-config libseccomp-dev openssl curl)
TPM_PACKAGES=(swtpm swtpm-tools tpm2-tools)
ENCLAVE_USER=caduceus-enclave

# say ENGLISH [CHINESE]: one line for the operator, in Chinese too if the session is.
say() {
  printf '%s\n' "$1"
  case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
    zh*) [ -z "${2:-}" ] || printf '%s\n' "$2" ;;
  esac
}

die() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

# java_major HOME: feature release of the JDK there, or 0 if it has no compiler.
java_major() {
  if [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ]; then
    "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
  else
    echo 0
  fi
}

# Sets JAVA_HOME to a JDK of at least 21: the one set already, else the newest in the usual
# places, else the one on the PATH.
find_jdk() {
  local best='' best_major=0 home major path_java
  if [ -n "${JAVA_HOME:-}" ] && [ "$(java_major "$JAVA_HOME")" -ge 21 ]; then
    export JAVA_HOME
    return
  fi
  path_java=$(command -v javac || true)
  [ -z "$path_java" ] || path_java=$(dirname "$(dirname "$(readlink -f "$path_java")")")
  for home in /usr/lib/jvm/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* /opt/jdk* "$path_java"; do
    major=$(java_major "$home")
    if [ "${major:-0}" -ge 21 ] && [ "$major" -gt "$best_major" ]; then
      best=$home best_major=$major
    fi
  done
  [ -n "$best" ] || die "no JDK 21 or newer found in JAVA_HOME, /usr/lib/jvm or PATH. One line that installs one:
  apt-get install openjdk-21-jdk-headless   (Debian 13, Ubuntu 24.04; or any JDK 21+ unpacked under /usr/lib/jvm)"
  export JAVA_HOME=$best
}

# ensure_packages NAME...: installs what is missing as root; else says the one line to run and stops.
ensure_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "please install, with your system's means: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    die "some packages are missing. Run this line, then this script again:
  sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${missing[*]}"
  fi
  say "installing ${missing[*]}" "正在安装 ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || die "apt-get update failed"
  apt-get install --yes --no-install-recommends -qq "${missing[@]}" >/dev/null || die "apt-get could not install ${missing[*]}"
}

# What compiles and links the enclave.
ensure_native_packages() {
  ensure_packages "${NATIVE_PACKAGES[@]}"
  # Debian 13's static libcrypto refers to compression libraries; its pkg-config file says so.
  case " $(pkg-config --static --libs libcrypto) " in
    *' -lzstd '*) ensure_packages zlib1g-dev libzstd-dev ;;
  esac
}

# Whether there is a user for enclaves that root starts to become; makes it if it can.
ensure_enclave_user() {
  [ "$(id -u)" -eq 0 ] || return 1
  ! grep -q "^$ENCLAVE_USER:" /etc/passwd || return 0
  useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \
    --comment 'Caduceus enclaves' "$ENCLAVE_USER" 2>/dev/null || return 1
  say "made the system user $ENCLAVE_USER, whom the enclaves become (userdel $ENCLAVE_USER removes it)" \
    "已创建系统用户 $ENCLAVE_USER，可信执行环境以其身份运行（userdel $ENCLAVE_USER 可删除）"
}

# Whether the consortium tool is there.
is_built() {
  [ -f "$PROJECT/deploy/target/distribution/classpath" ] && [ -d "$PROJECT/deploy/target/classes" ]
}

# Whether anything that goes into the build is newer than the last one.
is_stale() {
  local stamp=$PROJECT/deploy/target/built
  [ -f "$stamp" ] && is_built || return 0
  [ -n "$(find "$PROJECT" -path "$PROJECT/.git" -prune -o -path '*/target' -prune -o -path "$PROJECT/.caduceus" -prune -o \
    -path "$PROJECT/docs" -prune -o -path '*/src/test' -prune -o \
    -type f \( -path '*/src/*' -o -name pom.xml \) -newer "$stamp" -print -quit)" ]
}

# Builds what the tool needs, without the tests, unless it is built.
build() {
  # The tests set this: the build that runs them has just built everything.
  [ "${CADUCEUS_BUILD:-}" != never ] || return 0
  is_stale || return 0
  local log=$PROJECT/deploy/target/build.log started=$SECONDS line module
  mkdir -p "$(dirname "$log")"
  : >"$log.started"
  say "building (the first time downloads libraries; log: $log)" "正在构建（首次会下载依赖库；日志：$log）"
  if ! (cd "$PROJECT" && ./mvnw -B -ntp package -Dquick -DskipTests -Dspotless.check.skip=true -Dstyle.color=never 2>&1) |
    tee "$log" | while IFS= read -r line; do
      case $line in
        *'Building Caduceus '*)
          module=${line#*Building }
          printf '[%5d s]   %s\n' $((SECONDS - started)) "${module%% 0.*}"
          ;;
      esac
    done; then
    grep -m 20 '^\[ERROR\]' "$log" >&2 || tail -n 20 "$log" >&2
    die "the build failed; the whole log is $log"
  fi
  mv "$log.started" "$PROJECT/deploy/target/built"
}

# run_tool CLASS ARGUMENT...: replaces this shell by the Java program.
run_tool() {
  local class=$1 classpath
  shift
  classpath=$PROJECT/deploy/target/classes:$(cat "$PROJECT/deploy/target/distribution/classpath")
  exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx256m \
    --enable-native-access=ALL-UNNAMED -Dcaduceus.project="$PROJECT" -cp "$classpath" "$class" "$@"
}
