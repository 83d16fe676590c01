# shellcheck shell=bash
# Sourced by bench/run: processes, clocks and numbers. Sets $work, a directory that is removed at the end.

pids=()
lines=()
keep_work=0

fail() {
  echo "bench: $1" >&2
  exit 1
}

say() {
  echo "bench: $1" >&2
}

# --- how long everything takes ---------------------------------------------------------------------------------------------------

long_form() {
  form=long admission_rounds=3 rounds=5 seconds=8 warm_seconds=30 latency_rounds=3 latency_seconds=20 latency_rate=1000 starts=5 rest_seconds=5 \
    slow_streams=2000 slow_rounds=3 slow_warm_streams=500
}

short_form() {
  form=short admission_rounds=1 rounds=1 seconds=2 warm_seconds=2 latency_rounds=1 latency_seconds=3 latency_rate=100 starts=1 rest_seconds=2 \
    slow_streams=50 slow_rounds=1 slow_warm_streams=10
}

# --- begin and end ---------------------------------------------------------------------------------------------------------------

need() { # <command> <Debian package>
  command -v "$1" >/dev/null || fail "'$1' is missing: install the Debian package $2 (apt-get install $2)."
}

begin() {
  case $name in
    http | catalog) need wrk wrk ;;
    gateway | all | smoke)
      need wrk wrk
      need nginx nginx
      ;;
  esac
  need cc "gcc and libc6-dev"
  use_java25
  mkdir -p "$bench/target"
  work=$(mktemp -d "$bench/target/work.XXXXXX")
  trap end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  # Waiting for a moment without starting a process.
  mkfifo "$work/never"
  exec {never}<>"$work/never"
  build
  local load
  read -r load _ </proc/loadavg
  say "load average at the start: $load"
}

end() {
  local status=$? i
  trap - EXIT INT TERM HUP
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    stop "${pids[i]}" || true
  done
  if [ "$keep_work" = 1 ]; then
    say "what is left to look at: $work"
  else
    rm -rf "$work"
  fi
  exit "$status"
}

build() {
  local native=$bench/target/native program
  mkdir -p "$native"
  for program in upstream load; do
    if [ ! -x "$native/$program" ] || [ "$bench/native/$program.c" -nt "$native/$program" ]; then
      cc -O2 -Wall -o "$native/$program" "$bench/native/$program.c"
    fi
  done
  if [ "${QUOTARY_NO_BUILD:-0}" != 1 ]; then
    command -v mvn >/dev/null || fail "'mvn' is missing: install the Debian package maven (apt-get install maven)."
    say "building"
    (cd "$root" && mvn -B -q -DskipTests package -pl server,bench,e2e -am) >&2
    # Makes the start cache, as the first start does.
    "$root/quotary" --version >/dev/null
  fi
}

# --- processes -------------------------------------------------------------------------------------------------------------------

# launch <name> <command…>: starts it in the background; $launched is its process, $work/<name>.out and .err what it says.
launch() {
  local as=$1
  shift
  : >"$work/$as.out"
  "$@" >"$work/$as.out" 2>"$work/$as.err" </dev/null &
  launched=$!
  pids+=("$launched")
}

# The process and all below it.
tree() {
  local child
  printf '%s\n' "$1"
  for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
    tree "$child"
  done
}

# Ends a process that this script started, politely first, and whatever it leaves behind.
stop() {
  local pid=$1 all each i kept=()
  kill -0 "$pid" 2>/dev/null || return 0
  all=$(tree "$pid")
  kill "$pid" 2>/dev/null || true
  for ((i = 0; i < 200; i++)); do
    kill -0 "$pid" 2>/dev/null || break
    pause 0.05
  done
  for each in $all; do
    kill -9 "$each" 2>/dev/null || true
  done
  wait "$pid" 2>/dev/null || true
  for each in "${pids[@]}"; do
    [ "$each" = "$pid" ] || kept+=("$each")
  done
  pids=(${kept[@]+"${kept[@]}"})
}

pause() {
  read -r -t "$1" -u "$never" || true
}

# await_word <name> <sed expression that prints the word>: waits until a process has said it.
await_word() {
  local as=$1 expression=$2 word i
  for ((i = 0; i < 600; i++)); do
    word=$(sed -n "$expression" "$work/$as.out" | head -n 1)
    if [ -n "$word" ]; then
      printf '%s' "$word"
      return
    fi
    kill -0 "${pids[-1]}" 2>/dev/null || break
    pause 0.1
  done
  cat "$work/$as.err" "$work/$as.out" >&2
  fail "$as did not start"
}

free_port() {
  local port
  while :; do
    # Below the ports that the system gives to clients.
    port=$((20000 + RANDOM % 10000))
    { : <>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || break
  done
  printf '%s' "$port"
}

# fill <file> <name=value…>: the file with every @name@ filled in.
fill() {
  local file=$1 pair expressions=()
  shift
  for pair in "$@"; do
    expressions+=(-e "s|@${pair%%=*}@|${pair#*=}|g")
  done
  sed "${expressions[@]}" "$file"
}

start_upstream() {
  launch upstream "$bench/target/native/upstream" 0
  upstream_pid=$launched
  upstream_port=$(await_word upstream 's/^port //p')
}

# start_server <directory>: the packaged server, with the limits of setup/plans.yaml; sets $server_pid, $server_port, $key.
start_server() {
  local directory=$work/$1
  mkdir -p "$directory"
  fill "$bench/setup/quotary.yaml" upstream="${upstream_port:-9}" >"$directory/quotary.yaml"
  cp "$bench/setup/plans.yaml" "$directory/"
  server_port=$(free_port)
  export QUOTARY_ADMIN_KEY=qk_admin_0123456789abcdef0123456789abcdef
  QUOTARY_NO_BUILD=1 launch "$1" "$root/quotary" serve --config "$directory/quotary.yaml" --data "$directory/data" --port "$server_port"
  server_pid=$launched
  await_word "$1" "s/^quotary on /&/p" >/dev/null
  key=$(QUOTARY_NO_BUILD=1 "$root/quotary" key create --organization bench --url "http://127.0.0.1:$server_port")
}

# The options that the server's JVM runs with, one a line, without those of its start cache and its class path.
server_options() {
  tr '\0' '\n' <"/proc/$server_pid/cmdline" | sed -e 1d -e '/^-cp$/,$d' -e '/^-XX:AOTCache/d' -e '/^-Xlog/d'
}

# --- numbers ---------------------------------------------------------------------------------------------------------------------

ticks_per_second=$(getconf CLK_TCK)

# The processor time of a process and all below it, in ticks.
cpu_ticks() {
  local pid stat sum=0
  for pid in $(tree "$1"); do
    read -r stat <"/proc/$pid/stat"
    # Behind the name, which may hold spaces.
    read -r -a stat <<<"${stat##*) }"
    sum=$((sum + stat[11] + stat[12]))
  done
  printf '%s' "$sum"
}

# Milliseconds of processor per 1,000 requests: <ticks> <requests>
cpu_per_thousand() {
  awk -v t="$1" -v n="$2" -v hz="$ticks_per_second" 'BEGIN { printf "%.1f", t * 1000 / hz / n * 1000 }'
}

rss_mib() {
  awk '/^VmRSS:/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"
}

median() {
  printf '%s\n' "$@" | sort -g | awk -v OFMT=%.10g '{ v[NR] = $1 } END { m = int((NR + 1) / 2); print NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2 }'
}

calculate() { # <awk expression> [format]
  awk "BEGIN { printf \"${2:-%.2f}\", $1 }"
}

# The value of a word such as ok=12 in a line.
word() { # <line> <name>
  sed -n "s/\(^\|.* \)$2=\([^ ]*\).*/\2/p" <<<"$1"
}

figure() { # <name> <value> <unit>
  lines+=("figure $1 $2 $3")
  say "$1: $2 $3"
}

ratio() { # <name> <value> <peer>
  lines+=("ratio $1 $2 vs $3")
  say "$1: $2 of $3"
}

report() {
  printf '%s\n' "${lines[@]}"
}

# --- load ------------------------------------------------------------------------------------------------------------------------

# post <seconds> <connections> <url> <body file>: wrk with the key; prints its line of words.
post() {
  local out
  out=$(wrk -t2 -c"$2" -d"$1s" --timeout 10s -s "$bench/setup/post.lua" "$3" -- "$4" "Authorization: Bearer $key")
  tail -n 1 <<<"$out"
}

# measure <result> <pid> <url> <body file>: one round with 64 connections. Appends requests a second and milliseconds of processor per
# 1,000 requests to the lists <result>_rps and <result>_cpu.
measure() {
  local result=$1 pid=$2 before after line ok errors
  local -n rps=${result}_rps cpu=${result}_cpu
  before=$(cpu_ticks "$pid")
  line=$(post "$seconds" 64 "$3" "$4")
  after=$(cpu_ticks "$pid")
  ok=$(word "$line" ok)
  errors=$(word "$line" errors)
  [ "${errors:-1}" = 0 ] || fail "$result: ${errors:-?} requests failed: $line"
  rps+=("$(calculate "$ok / $(word "$line" seconds)" %.0f)")
  cpu+=("$(cpu_per_thousand $((after - before)) "$ok")")
  say "$result: ${rps[-1]} requests/s, ${cpu[-1]} ms CPU per 1,000"
}

# raw_request <file> <method> <path> <body>: a whole request for the client `load`.
raw_request() {
  printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nX-Quotary-Subject: %s\r\nX-Quotary-Session: %s\r\nContent-Length: %d\r\n\r\n%s' \
    "$2" "$3" "$key" "${5:-user-1}" "${5:-user-1}" "${#4}" "$4" >"$1"
}

load() {
  "$bench/target/native/load" "$@"
}

# load_checked <what> <arguments…>: runs the client, fails if an answer was wrong or missing, prints its line.
load_checked() {
  local what=$1 line
  shift
  line=$(load "$@")
  if [ "$(word "$line" errors)" != 0 ] || [ "$(word "$line" unanswered)" != 0 ]; then
    fail "$what: $line"
  fi
  printf '%s' "$line"
}
