# shellcheck shell=bash
# Reservation and commit over HTTP; the commit is answered when its event is on the disk.

bench_durable_http() {
  local i before after line reserves=() commit=$work/commit rates=() cpus=() p50=() p99=() commit_p99=()
  start_server durable-server
  for ((i = 1; i <= 64; i++)); do
    raw_request "$work/reserve.$i" POST /api/v1/usage/reservations \
      '{"provider":"openai","model":"gpt-4o-mini","quantities":{"requests":1,"tokens.input":900,"tokens.output":1000},"ttl_seconds":60}' \
      "user-$i"
    reserves+=("$work/reserve.$i")
  done
  raw_request "$commit" POST /api/v1/usage/reservations/@id@/commit '{"quantities":{"tokens.input":900,"tokens.output":420}}'

  load_checked warm-up pairs "$server_port" 64 0 "$warm_seconds" "$commit" "${reserves[@]}" >/dev/null
  for ((i = 0; i < rounds; i++)); do
    before=$(cpu_ticks "$server_pid")
    line=$(load_checked durable-http pairs "$server_port" 64 0 "$seconds" "$commit" "${reserves[@]}")
    after=$(cpu_ticks "$server_pid")
    rates+=("$(word "$line" per_second)")
    cpus+=("$(cpu_per_thousand $((after - before)) "$(word "$line" ok)")")
    say "durable-http: $line"
  done
  for ((i = 0; i < latency_rounds; i++)); do
    line=$(load_checked durable-http pairs "$server_port" 64 "$latency_rate" "$latency_seconds" "$commit" "${reserves[@]}")
    p50+=("$(word "$line" all_p50_ms)")
    p99+=("$(word "$line" all_p99_ms)")
    commit_p99+=("$(word "$line" commit_p99_ms)")
    say "durable-http at $latency_rate pairs/s: $line"
  done
  figure durable-http "$(median "${rates[@]}")" pairs/s
  figure durable-http-cpu "$(median "${cpus[@]}")" ms/1000
  figure "durable-http-at-$latency_rate-p50" "$(median "${p50[@]}")" ms
  figure "durable-http-at-$latency_rate-p99" "$(median "${p99[@]}")" ms
  figure "durable-http-at-$latency_rate-commit-p99" "$(median "${commit_p99[@]}")" ms
  stop "$server_pid"
}
