# shellcheck shell=bash
# Reserve and commit in process over six limits: JMH, in rounds that take turns, and a race that counts over-admissions.

# The JVM of the server, see `quotary`.
admission_options="-Xmx256m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders"

bench_admission() {
  admission one-thread 1 1
  admission two-threads-two-organizations 2 2
  admission two-threads-one-organization 2 1
  over_admissions
}

admission() { # <name> <threads> <organizations>
  local round memory=() journaled=() bucket4j=() csv=$work/admission.csv bounds=(-wi 3 -w 2s -i 3 -r 2s)
  [ "$form" = long ] || bounds=(-wi 1 -w 300ms -i 1 -r 300ms)
  for ((round = 0; round < admission_rounds; round++)); do
    launch jmh "$JAVA_HOME/bin/java" -cp "$bench/target/bench/*" org.openjdk.jmh.Main dev.quotary.bench.AdmissionBench \
      -t "$2" -p organizations="$3" "${bounds[@]}" -rf csv -rff "$csv" -foe true -jvmArgs "$admission_options"
    wait "$launched" || {
      tail -n 40 "$work/jmh.out" "$work/jmh.err" >&2
      fail "the benchmark of admission failed"
    }
    memory+=("$(score "$csv" memory)")
    journaled+=("$(score "$csv" journaled)")
    bucket4j+=("$(score "$csv" bucket4j)")
    say "admission $1: memory ${memory[-1]}, journaled ${journaled[-1]}, Bucket4j ${bucket4j[-1]} pairs/s"
  done
  figure "admission-memory-$1" "$(median "${memory[@]}")" pairs/s
  figure "admission-journaled-$1" "$(median "${journaled[@]}")" pairs/s
  figure "admission-bucket4j-$1" "$(median "${bucket4j[@]}")" pairs/s
  ratio "admission-memory-$1" "$(calculate "$(median "${memory[@]}") / $(median "${bucket4j[@]}")")" Bucket4j
  ratio "admission-journaled-$1" "$(calculate "$(median "${journaled[@]}") / $(median "${bucket4j[@]}")")" Bucket4j
}

score() { # <result> <method>
  awk -F, -v method="AdmissionBench.$2\"" 'index($1, method) { printf "%.0f", $5 }' "$1"
}

over_admissions() {
  launch over "$JAVA_HOME/bin/java" -Xmx1g -cp "$bench/target/bench/*" dev.quotary.bench.OverAdmissions
  wait "$launched" || {
    cat "$work/over.out" "$work/over.err" >&2
    fail "over-admissions, or counters that do not add up"
  }
  while read -r _ what value unit; do
    figure "$what" "$value" "$unit"
  done < <(grep '^figure ' "$work/over.out")
}
