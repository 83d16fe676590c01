# shellcheck shell=bash
# Chat calls through the gateway with key, six limits and the durable ledger, against nginx that only passes them on, to one provider; and
# against two proxies on our own HTTP stack: one that does nothing else, and one that keeps a durable record of each call and nothing else,
# which is the most that a gateway could reach that answers when the call is recorded.

chat_path=/openai/v1/chat/completions

bench_gateway() {
  local plain=$work/plain.json stream=$work/stream.json round gateway_url nginx_plain nginx_streaming nginx_pid bare_pid durable_pid
  local bare_url durable_url
  bare_plain_rps=() bare_plain_cpu=() durable_plain_rps=() durable_plain_cpu=()
  gateway_plain_rps=() gateway_plain_cpu=() nginx_plain_rps=() nginx_plain_cpu=()
  gateway_stream_rps=() gateway_stream_cpu=() nginx_stream_rps=() nginx_stream_cpu=()
  chat_body '' >"$plain"
  chat_body '"stream":true,' >"$stream"
  start_upstream
  start_server gateway-server
  start_nginx
  start_bare_proxy bare
  bare_pid=$launched bare_url=$proxy_url
  mkdir -p "$work/durable-proxy"
  start_bare_proxy durable "$work/durable-proxy"
  durable_pid=$launched durable_url=$proxy_url
  gateway_url=http://127.0.0.1:$server_port$chat_path
  nginx_plain=http://127.0.0.1:$nginx_plain_port$chat_path
  nginx_streaming=http://127.0.0.1:$nginx_streaming_port$chat_path

  post "$warm_seconds" 64 "$gateway_url" "$plain" >/dev/null
  post "$warm_seconds" 64 "$gateway_url" "$stream" >/dev/null
  post "$warm_seconds" 64 "$bare_url" "$plain" >/dev/null
  post "$warm_seconds" 64 "$durable_url" "$plain" >/dev/null
  post 2 64 "$nginx_plain" "$plain" >/dev/null
  for ((round = 0; round < rounds; round++)); do
    measure gateway_plain "$server_pid" "$gateway_url" "$plain"
    measure nginx_plain "$nginx_pid" "$nginx_plain" "$plain"
    measure bare_plain "$bare_pid" "$bare_url" "$plain"
    measure durable_plain "$durable_pid" "$durable_url" "$plain"
    measure gateway_stream "$server_pid" "$gateway_url" "$stream"
    measure nginx_stream "$nginx_pid" "$nginx_streaming" "$stream"
  done
  gateway_figures plain
  proxy_figures bare
  proxy_figures durable
  gateway_figures stream
  added_latency
  figure gateway-memory-under-load "$(rss_mib "$server_pid")" MiB
  stop "$bare_pid"
  stop "$durable_pid"
  stop "$nginx_pid"
  stop "$server_pid"
  stop "$upstream_pid"
}

chat_body() { # <more members>
  printf '{"model":"gpt-4o-mini",%s"max_tokens":100,"messages":[%s,%s]}' "$1" \
    '{"role":"system","content":"You are a helpful assistant that answers briefly and to the point."}' \
    '{"role":"user","content":"What is the difference between a quota and a notary? Answer in two sentences."}'
}

start_nginx() {
  nginx_plain_port=$(free_port)
  nginx_streaming_port=$(free_port)
  mkdir -p "$work/nginx"
  fill "$bench/setup/nginx.conf" work="$work/nginx" upstream="$upstream_port" plain="$nginx_plain_port" \
    streaming="$nginx_streaming_port" >"$work/nginx/nginx.conf"
  launch nginx nginx -p "$work/nginx" -c "$work/nginx/nginx.conf"
  nginx_pid=$launched
  await_port "$nginx_plain_port"
}

# With the options of the server's own JVM. Sets $launched and $proxy_url.
start_bare_proxy() { # <name> [directory of its records]
  local options port
  mapfile -t options < <(server_options)
  port=$(free_port)
  launch "$1" "$JAVA_HOME/bin/java" "${options[@]}" -cp "$bench/target/bench/*" dev.quotary.bench.BareProxy "$port" "$upstream_port" "${@:2}"
  await_word "$1" "s/^listening/&/p" >/dev/null
  proxy_url=http://127.0.0.1:$port$chat_path
}

await_port() {
  local i
  for ((i = 0; i < 100; i++)); do
    if { : <>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; then
      return
    fi
    pause 0.05
  done
  cat "$work/nginx.err" >&2
  fail "nginx does not listen"
}

proxy_figures() { # bare or durable
  local -n proxy_rps=${1}_plain_rps proxy_cpu=${1}_plain_cpu
  figure "$1-proxy-plain" "$(median "${proxy_rps[@]}")" requests/s
  figure "$1-proxy-plain-cpu" "$(median "${proxy_cpu[@]}")" ms/1000
  ratio "$1-proxy-plain" "$(calculate "$(median "${proxy_rps[@]}") / $(median "${nginx_plain_rps[@]}")")" nginx
  ratio "gateway-plain-of-$1" "$(calculate "$(median "${gateway_plain_rps[@]}") / $(median "${proxy_rps[@]}")")" "$1-proxy"
}

gateway_figures() { # plain or stream
  local -n ours_rps=gateway_${1}_rps ours_cpu=gateway_${1}_cpu theirs_rps=nginx_${1}_rps theirs_cpu=nginx_${1}_cpu
  figure "gateway-$1" "$(median "${ours_rps[@]}")" requests/s
  figure "gateway-$1-cpu" "$(median "${ours_cpu[@]}")" ms/1000
  figure "nginx-$1" "$(median "${theirs_rps[@]}")" requests/s
  figure "nginx-$1-cpu" "$(median "${theirs_cpu[@]}")" ms/1000
  ratio "gateway-$1" "$(calculate "$(median "${ours_rps[@]}") / $(median "${theirs_rps[@]}")")" nginx
  ratio "gateway-$1-cpu" "$(calculate "$(median "${ours_cpu[@]}") / $(median "${theirs_cpu[@]}")")" nginx
}

# At 1,000 requests a second ($latency_rate) in an open loop: through the gateway, through nginx, and directly.
added_latency() {
  local i line before files=() way port pid
  for ((i = 1; i <= 64; i++)); do
    raw_request "$work/chat.$i" POST "$chat_path" "$(chat_body '')" "user-$i"
    files+=("$work/chat.$i")
  done
  gateway_p50=() gateway_p99=() gateway_cpu=() nginx_p50=() nginx_p99=() nginx_cpu=() direct_p50=() direct_p99=() direct_cpu=()
  for ((i = 0; i < latency_rounds; i++)); do
    for way in gateway nginx direct; do
      case $way in
        gateway) port=$server_port pid=$server_pid ;;
        nginx) port=$nginx_plain_port pid=$nginx_pid ;;
        direct) port=$upstream_port pid=$upstream_pid ;;
      esac
      local -n p50=${way}_p50 p99=${way}_p99 cpu=${way}_cpu
      before=$(cpu_ticks "$pid")
      line=$(load_checked "$way" rate "$port" 32 "$latency_rate" "$latency_seconds" "${files[@]}")
      cpu+=("$(cpu_per_thousand $(($(cpu_ticks "$pid") - before)) "$(word "$line" ok)")")
      p50+=("$(word "$line" all_p50_ms)")
      p99+=("$(word "$line" all_p99_ms)")
      say "$way at $latency_rate requests/s: $line, ${cpu[-1]} ms CPU per 1,000"
      unset -n p50 p99 cpu
    done
  done
  for way in gateway nginx; do
    local -n p50=${way}_p50 p99=${way}_p99 cpu=${way}_cpu
    figure "$way-added-p50" "$(calculate "$(median "${p50[@]}") - $(median "${direct_p50[@]}")" %.3f)" ms
    figure "$way-added-p99" "$(calculate "$(median "${p99[@]}") - $(median "${direct_p99[@]}")" %.3f)" ms
    figure "$way-at-$latency_rate-cpu" "$(median "${cpu[@]}")" ms/1000
    unset -n p50 p99 cpu
  done
}
