# shellcheck shell=bash
# POST /api/v1/usage/reservations with six limits, against an empty handler that reads the same body on the same stack.

bench_http() {
  local body=$work/reserve.json url empty_pid empty_port empty_url options round
  reserve_rps=() reserve_cpu=() empty_rps=() empty_cpu=()
  # Holds live for seconds, as those of calls do.
  printf '%s' '{"subject":"@subject@","session":"@session@","feature":"chat","provider":"openai","model":"gpt-4o-mini",' \
    '"quantities":{"requests":1,"tokens.input":900,"tokens.output":1000},"ttl_seconds":1}' >"$body"
  start_server http-server
  url=http://127.0.0.1:$server_port/api/v1/usage/reservations
  mapfile -t options < <(server_options)
  empty_port=$(free_port)
  launch empty "$JAVA_HOME/bin/java" "${options[@]}" -cp "$bench/target/bench/*" dev.quotary.bench.EmptyServer "$empty_port"
  empty_pid=$launched
  await_word empty "s/^listening/&/p" >/dev/null
  empty_url=http://127.0.0.1:$empty_port/

  post "$warm_seconds" 64 "$url" "$body" >/dev/null
  post "$warm_seconds" 64 "$empty_url" "$body" >/dev/null
  for ((round = 0; round < rounds; round++)); do
    measure reserve "$server_pid" "$url" "$body"
    measure empty "$empty_pid" "$empty_url" "$body"
  done
  figure http-reserve "$(median "${reserve_rps[@]}")" requests/s
  figure http-reserve-cpu "$(median "${reserve_cpu[@]}")" ms/1000
  figure http-empty-handler "$(median "${empty_rps[@]}")" requests/s
  figure http-empty-handler-cpu "$(median "${empty_cpu[@]}")" ms/1000
  ratio http-reserve "$(calculate "$(median "${reserve_rps[@]}") / $(median "${empty_rps[@]}")")" empty-handler
  ratio http-reserve-cpu "$(calculate "$(median "${reserve_cpu[@]}") / $(median "${empty_cpu[@]}")")" empty-handler
  figure http-memory-under-load "$(rss_mib "$server_pid")" MiB
  stop "$empty_pid"
  stop "$server_pid"
}
