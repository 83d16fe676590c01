# shellcheck shell=bash
# What a live counter costs in memory: in the limiter alone, and in a packaged server that counts a million of them.

bench_counters_memory() {
  local million=1000000 subjects classes=$bench/target/classes:$root/core/target/classes:$root/store-memory/target/classes bytes live rss
  [ "$form" = long ] || million=20000
  subjects=$((million / 4))
  bytes=$("$JAVA_HOME/bin/java" -Xmx1g -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -cp "$classes:$(class_path)" \
    dev.quotary.bench.CounterMemory heap "$million" | sed -n 's/^bytes //p')
  figure counter-heap "$bytes" bytes

  mkdir -p "$work/counters"
  cp "$bench/setup/counters.yaml" "$work/counters/plans-of-counters.yaml"
  # Nothing but the heap is larger than by default: 384 MiB of it beside what the JVM takes for itself.
  export QUOTARY_JAVA_OPTS=-Xmx384m
  start_server counters
  unset QUOTARY_JAVA_OPTS
  QUOTARY_NO_BUILD=1 "$root/quotary" apply -f "$work/counters/plans-of-counters.yaml" --url "http://127.0.0.1:$server_port" >&2
  "$JAVA_HOME/bin/java" -Xmx256m -cp "$classes:$(class_path)" dev.quotary.bench.CounterMemory fill \
    "http://127.0.0.1:$server_port" "$key" "$subjects" >&2
  "$JAVA_HOME/bin/jcmd" "$server_pid" GC.run >/dev/null
  live=$(curl -s -H "Authorization: Bearer $QUOTARY_ADMIN_KEY" "http://127.0.0.1:$server_port/metrics" |
    awk '$1 == "quotary_counters" { printf "%d", $2 }')
  bytes=$("$JAVA_HOME/bin/jcmd" "$server_pid" GC.class_histogram | awk '$1 == "Total" { print $3 }')
  rss=$(rss_mib "$server_pid")
  "$JAVA_HOME/bin/jcmd" "$server_pid" GC.class_histogram | sed -n 4,24p >&2
  figure counters-live "$live" counters
  figure counters-server-heap "$((bytes / 1048576))" MiB
  figure counters-server-rss "$rss" MiB
  stop "$server_pid"
  [ "$live" -ge "$million" ] || fail "only $live counters are live"
}

# What the classes of ours need that is not ours.
class_path() {
  local jars=("$root"/server/target/quotary/lib/*.jar)
  (IFS=: && printf '%s' "${jars[*]}")
}
