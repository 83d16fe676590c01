# shellcheck shell=bash
# From calling ./quotary to the first answer of /healthz, with the start cache; and the memory of a server that does nothing.

bench_start() {
  local directory=$work/start port i began times=() rss=()
  mkdir -p "$directory"
  fill "$bench/setup/quotary.yaml" upstream=9 >"$directory/quotary.yaml"
  cp "$bench/setup/plans.yaml" "$directory/"
  export QUOTARY_ADMIN_KEY=qk_admin_0123456789abcdef0123456789abcdef
  # The first start makes the database.
  for ((i = 0; i <= starts; i++)); do
    port=$(free_port)
    began=$(now_micros)
    launch start "$root/quotary" serve --config "$directory/quotary.yaml" --data "$directory/data" --port "$port"
    await_healthy "$port"
    times+=("$((($(now_micros) - began) / 1000))")
    if [ "$i" -gt 0 ]; then
      pause "$rest_seconds"
      rss+=("$(rss_mib "$launched")")
    fi
    stop "$launched"
  done
  say "starts: ${times[*]} ms; at rest: ${rss[*]} MiB"
  figure start-first "${times[0]}" ms
  figure start "$(median "${times[@]:1}")" ms
  figure memory-at-rest "$(median "${rss[@]}")" MiB
}

now_micros() {
  printf '%s' "${EPOCHREALTIME/[.,]/}"
}

await_healthy() {
  local status i
  for ((i = 0; i < 6000; i++)); do
    if { exec {socket}<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
      status=
      printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&"$socket"
      read -r -t 5 status <&"$socket" || true
      exec {socket}>&-
      case $status in
        'HTTP/1.1 200'*) return ;;
      esac
    fi
    kill -0 "$launched" 2>/dev/null || break
    pause 0.005
  done
  cat "$work/start.err" "$work/start.out" >&2
  fail "the server does not start"
}
