# shellcheck shell=bash
# Reservations a second in a PostgreSQL that syncs every commit: group admission, and one decision in a transaction beside it.

bench_postgres_admission() {
  local length=10 round waiting name
  local rounds_here=3
  [ "$form" = long ] || length=2 rounds_here=1
  local -A group=() single=()
  for ((round = 0; round < rounds_here; round++)); do
    launch postgres "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders \
      -cp "$bench/target/bench/*" dev.quotary.bench.PostgresAdmission "$length" 64 256
    wait "$launched" || {
      tail -n 40 "$work/postgres.out" "$work/postgres.err" >&2
      fail "the benchmark of admission on PostgreSQL failed"
    }
    while read -r line; do
      name=$(awk '{ print $2 }' <<<"$line")
      waiting=$(word "$line" waiting)
      say "postgres-admission: $line"
      case $name in
        group) group[$waiting]+=" $(word "$line" per_second)" ;;
        single) single[$waiting]+=" $(word "$line" per_second)" ;;
      esac
    done < <(grep '^run ' "$work/postgres.out")
  done
  for waiting in 64 256; do
    # shellcheck disable=SC2086
    figure "postgres-admission-group-$waiting" "$(median ${group[$waiting]})" reservations/s
    # shellcheck disable=SC2086
    figure "postgres-admission-single-$waiting" "$(median ${single[$waiting]})" reservations/s
    # shellcheck disable=SC2086
    ratio "postgres-admission-$waiting" "$(calculate "$(median ${group[$waiting]}) / $(median ${single[$waiting]})")" one-decision-per-transaction
  done
}
