# shellcheck shell=bash
# Slow streams, many at once: 20 events in ten seconds each, through the gateway and directly from the provider, in turn. An event carries
# the moment at which the provider wrote it, so that a reader knows how late it is.

bench_slow_streams() {
  local i way port line gateway_late=() direct_late=() memory
  start_upstream
  start_server slow-server
  # A client that asks for usage gets every event, so that all can be counted.
  raw_request "$work/slow" POST "$chat_path" "$(chat_body '"mock":"slow","stream":true,"stream_options":{"include_usage":true},')"
  # A server that was never used compiles while it measures.
  slow_round gateway "$server_port" "$slow_warm_streams" >/dev/null
  for ((i = 0; i < slow_rounds; i++)); do
    for way in gateway direct; do
      [ "$way" = gateway ] && port=$server_port || port=$upstream_port
      line=$(slow_round "$way" "$port" "$slow_streams")
      local -n late=${way}_late
      late+=("$(word "$line" lag_p99_ms)")
      unset -n late
      say "$way: $line"
    done
  done
  memory=$(awk '/^VmHWM:/ { printf "%.0f", $2 / 1024 }' "/proc/$server_pid/status")
  figure slow-streams "$slow_streams" streams
  figure slow-streams-p99 "$(median "${gateway_late[@]}")" ms
  figure slow-streams-direct-p99 "$(median "${direct_late[@]}")" ms
  figure slow-streams-memory-max "$memory" MiB
  stop "$server_pid"
  stop "$upstream_pid"
}

# slow_round <what> <port> <streams>: that all of them came whole is what must not fail.
slow_round() {
  local line
  line=$(load streams "$2" "$3" 1000 60 "$work/slow")
  [ "$(word "$line" whole)" = "$3" ] || fail "$1: not all streams came whole: $line"
  printf '%s' "$line"
}
