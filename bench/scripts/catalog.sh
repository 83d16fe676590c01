# shellcheck shell=bash
# A catalog of 100,000 subjects and 500 plans: how long it takes to apply and to read, and what a decision costs beside a catalog of one plan.

bench_catalog() {
  local subjects=100000 part=10000 plans=500 from body=$work/decide.json url load=() seconds_taken line
  [ "$form" = long ] || subjects=2000 part=1000 plans=20
  few_rps=() few_cpu=() many_rps=() many_cpu=()
  load=("$JAVA_HOME/bin/java" -Xmx256m -cp "$bench/target/bench/*" dev.quotary.bench.CatalogLoad)
  printf '%s' '{"subject":"@subject@","session":"@session@","feature":"chat","provider":"openai","model":"gpt-4o-mini",' \
    '"quantities":{"requests":1,"tokens.input":900,"tokens.output":1000},"ttl_seconds":1}' >"$body"
  export QUOTARY_JAVA_OPTS=-Xmx512m
  start_server catalog
  unset QUOTARY_JAVA_OPTS
  url=http://127.0.0.1:$server_port
  post "$warm_seconds" 64 "$url/api/v1/usage/reservations" "$body" >/dev/null
  measure few "$server_pid" "$url/api/v1/usage/reservations" "$body"
  for ((from = 0; from < subjects; from += part)); do
    "${load[@]}" file "$plans" "$from" $((from + part)) >"$work/part.yaml"
    seconds_taken=$(curl -sf -o "$work/applied.json" -w '%{time_total}' -H "Authorization: Bearer $QUOTARY_ADMIN_KEY" \
      -H 'Content-Type: application/yaml' --data-binary "@$work/part.yaml" "$url/api/v1/apply") || fail "a part could not be applied"
    [ "$from" != 0 ] || figure catalog-apply-first "$seconds_taken" s
  done
  figure catalog-apply-last "$seconds_taken" s
  seconds_taken=$(curl -sf -o /dev/null -w '%{time_total}' -H "Authorization: Bearer $QUOTARY_ADMIN_KEY" \
    -H 'Content-Type: application/yaml' --data-binary "@$work/part.yaml" "$url/api/v1/apply")
  figure catalog-apply-again "$seconds_taken" s
  post 2 64 "$url/api/v1/usage/reservations" "$body" >/dev/null
  measure many "$server_pid" "$url/api/v1/usage/reservations" "$body"
  figure catalog-decision-cpu-few "${few_cpu[0]}" ms/1000
  figure catalog-decision-cpu-many "${many_cpu[0]}" ms/1000
  ratio catalog-decision-cpu "$(calculate "${many_cpu[0]} / ${few_cpu[0]}")" one-plan
  while read -r line; do
    figure "catalog-$(cut -d' ' -f1 <<<"$line")-p50" "$(word "$line" p50)" µs
    figure "catalog-$(cut -d' ' -f1 <<<"$line")-p99" "$(word "$line" p99)" µs
  done < <("${load[@]}" reads "$url" "$QUOTARY_ADMIN_KEY" "$subjects" "$latency_seconds")
  figure catalog-memory "$(rss_mib "$server_pid")" MiB
  stop "$server_pid"
}
