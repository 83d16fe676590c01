# shellcheck shell=bash
# Questions about use, to a database of many events.

bench_query() {
  local events=10000000 subjects=20000 seconds=10 name
  [ "$form" = long ] || events=60000 subjects=500 seconds=1
  launch query "$JAVA_HOME/bin/java" -Xmx768m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
    -cp "$bench/target/bench/*" dev.quotary.bench.QueryBench "${QUOTARY_QUERY_FILE:-$work/query.db}" \
    "${QUOTARY_QUERY_EVENTS:-$events}" "$subjects" "$seconds"
  wait "$launched" || {
    tail -n 40 "$work/query.out" "$work/query.err" >&2
    fail "the benchmark of questions failed"
  }
  while read -r line; do
    name=$(awk '{ print $2 }' <<<"$line")
    say "query: $line"
    case $name in
      fill) figure query-fill "$(word "$line" per_second)" events/s ;;
      sum-up) figure query-sum-up "$(word "$line" seconds)" s ;;
      bytes-per-event) figure query-bytes-per-event "$(word "$line" bytes)" bytes ;;
      *)
        figure "query-$name-p50" "$(word "$line" p50)" ms
        figure "query-$name-p99" "$(word "$line" p99)" ms
        ;;
    esac
  done < <(grep '^run ' "$work/query.out")
}
