# shellcheck shell=bash
# CloudEvents over HTTP, durable and counted once: in batches and one by one, on SQLite and PostgreSQL; beside a bare JDBC writer of the same
# rows and a file that gets the same bytes, in rounds that take turns. `bench/run ingest 10000000` first puts so many events into the store.

ingest_load() {
  "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -cp "$bench/target/bench/*" dev.quotary.bench.IngestLoad "$@"
}

ingest_server() { # <name> <store url, or empty>
  local directory=$work/$1
  mkdir -p "$directory"
  fill "$bench/setup/quotary.yaml" upstream=9 >"$directory/quotary.yaml"
  [ -z "$2" ] || printf 'store: { url: "%s" }\n' "$2" >>"$directory/quotary.yaml"
  cp "$bench/setup/ingest.yaml" "$directory/plans.yaml"
  server_port=$(free_port)
  export QUOTARY_ADMIN_KEY=qk_admin_0123456789abcdef0123456789abcdef
  QUOTARY_NO_BUILD=1 launch "$1" "$root/quotary" serve --config "$directory/quotary.yaml" --data "$directory/data" --port "$server_port"
  server_pid=$launched
  await_word "$1" "s/^quotary on /&/p" >/dev/null
  key=$(QUOTARY_NO_BUILD=1 "$root/quotary" key create --organization bench --url "http://127.0.0.1:$server_port")
}

# ingest_round <result> <events> <batch> <connections> <ordered|random>
ingest_round() {
  local line before after
  local -n rates=${1}_rates cpus=${1}_cpus p99s=${1}_p99s
  before=$(cpu_ticks "$server_pid")
  line=$(ingest_load http "$server_port" "$key" "$4" "$2" "$3" "$5") || fail "$1: events were not taken"
  after=$(cpu_ticks "$server_pid")
  rates+=("$(word "$line" per_second)")
  cpus+=("$(cpu_per_thousand $((after - before)) "$2")")
  p99s+=("$(word "$line" p99_ms)")
  say "$1: $line, ${cpus[-1]} ms CPU per 1,000 events"
}

ingest_figures() { # <result> <name>
  local -n rates=${1}_rates cpus=${1}_cpus p99s=${1}_p99s
  figure "$2" "$(median "${rates[@]}")" events/s
  figure "$2-cpu" "$(median "${cpus[@]}")" ms/1000
  figure "$2-p99" "$(median "${p99s[@]}")" ms
}

bench_ingest() {
  local store i n singles stored=${1:-0} urls=() bare=() synced=() bytes=() size
  n=300000 singles=80000
  [ "$form" = long ] || n=20000 singles=4000
  launch ingest-postgres "$JAVA_HOME/bin/java" -cp "$bench/target/bench/*" dev.quotary.bench.IngestLoad postgres
  read -r -a urls <<<"$(await_word ingest-postgres 's/^url //p')"
  for store in sqlite postgres; do
    batch_rates=() batch_cpus=() batch_p99s=() random_rates=() random_cpus=() random_p99s=() single_rates=() single_cpus=() single_p99s=()
    bare=() synced=()
    if [ "$store" = sqlite ]; then ingest_server ingest-sqlite ""; else ingest_server ingest-on-postgres "${urls[0]}"; fi
    ingest_load http "$server_port" "$key" 4 "$((n > 50000 ? n / 3 : n))" 1000 ordered >/dev/null
    if [ "$stored" -gt 0 ]; then
      say "ingest-$store: $(ingest_load http "$server_port" "$key" 4 "$stored" 1000 ordered) (to have $stored events stored)"
    fi
    for ((i = 0; i < admission_rounds; i++)); do
      ingest_round batch "$n" 1000 4 ordered
      if [ "$store" = sqlite ]; then
        mkdir -p "$work/bare-$i"
        bare+=("$(word "$(ingest_load bare sqlite "$work/bare-$i" "$n" 1000)" per_second)")
        size=$(stat -c %s "$work/bare-$i/bare.db")
        synced+=("$(word "$(ingest_load fsync "$work/bare-$i" "$((size / n))" "$n" 1000)" per_second)")
        rm -rf "$work/bare-$i"
        say "ingest-$store: bare JDBC ${bare[-1]} events/s; $((size / n)) bytes an event to a synced file ${synced[-1]} events/s"
      else
        bare+=("$(word "$(ingest_load bare "${urls[1]}" "$work" "$n" 1000)" per_second)")
        say "ingest-$store: bare JDBC ${bare[-1]} events/s"
      fi
      ingest_round single "$singles" 1 64 ordered
      ingest_round random "$n" 1000 4 random
    done
    ingest_figures batch "ingest-$store"
    ingest_figures random "ingest-$store-random-ids"
    ingest_figures single "ingest-$store-single"
    figure "ingest-$store-bare" "$(median "${bare[@]}")" events/s
    ratio "ingest-$store" "$(calculate "$(median "${batch_rates[@]}") / $(median "${bare[@]}")")" bare-jdbc
    if [ "$store" = sqlite ]; then
      figure ingest-synced-file "$(median "${synced[@]}")" events/s
      ratio ingest-sqlite-of-the-disk "$(calculate "$(median "${batch_rates[@]}") / $(median "${synced[@]}")" %.3f)" synced-file
    fi
    figure "ingest-$store-memory" "$(rss_mib "$server_pid")" MiB
    stop "$server_pid"
    if [ "$store" = sqlite ]; then
      size=$(stat -c %s "$work/ingest-sqlite/data/quotary.db")
      i=$(ingest_load count "$work/ingest-sqlite/data/quotary.db")
      figure ingest-bytes-an-event "$((size / i))" bytes
      rm -rf "$work/ingest-sqlite"
    fi
  done
}
