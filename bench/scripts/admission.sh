# shellcheck shell=bash
# Reserve and commit in process over six limits: JMH, and a race that counts over-admissions.

# The JVM of the server, see `quotary`.
admission_options="-Xmx256m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders"

bench_admission() {
  local csv=$work/admission.csv bounds=()
  [ "$form" = long ] || bounds=(-wi 1 -i 1 -w 300ms -r 300ms)
  jmh "$csv" 1 1 ${bounds[@]+"${bounds[@]}"}
  admission_figures "$csv" one-thread
  jmh "$csv" 2 2 ${bounds[@]+"${bounds[@]}"}
  admission_figures "$csv" two-threads-two-organizations
  if [ "$form" = long ]; then
    jmh "$csv" 2 1
    admission_figures "$csv" two-threads-one-organization
  fi
  over_admissions
}

jmh() { # <result> <threads> <organizations> <more…>
  local result=$1 threads=$2 organizations=$3
  shift 3
  launch jmh "$JAVA_HOME/bin/java" -cp "$bench/target/bench/*" org.openjdk.jmh.Main dev.quotary.bench.AdmissionBench \
    -t "$threads" -p organizations="$organizations" -rf csv -rff "$result" -foe true -jvmArgs "$admission_options" "$@"
  wait "$launched" || {
    tail -n 40 "$work/jmh.out" "$work/jmh.err" >&2
    fail "the benchmark of admission failed"
  }
}

admission_figures() { # <result> <name>
  local memory journaled bucket4j
  memory=$(score "$1" memory)
  journaled=$(score "$1" journaled)
  bucket4j=$(score "$1" bucket4j)
  figure "admission-memory-$2" "$memory" pairs/s
  figure "admission-journaled-$2" "$journaled" pairs/s
  figure "admission-bucket4j-$2" "$bucket4j" pairs/s
  ratio "admission-memory-$2" "$(calculate "$memory / $bucket4j")" Bucket4j
  ratio "admission-journaled-$2" "$(calculate "$journaled / $bucket4j")" Bucket4j
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
