# shellcheck shell=bash
# kill -9 under load, again and again; see CrashRig in module e2e.

bench_crash() {
  local cycles=${1:-100} seed=${2:-}
  say "crash: $cycles cycles"
  launch crash "$JAVA_HOME/bin/java" -Xmx1g -Djava.io.tmpdir="$work" -cp "$root/e2e/target/classes" \
    dev.quotary.e2e.crash.CrashRig "$root/quotary" "$cycles" ${seed:+"$seed"}
  if ! wait "$launched"; then
    cat "$work/crash.out" "$work/crash.err" >&2
    keep_work=1
    fail "a promise was broken"
  fi
  say "crash: $(sed -n 's/^seed/seed/p' "$work/crash.out")"
  while read -r _ what value unit; do
    figure "$what" "$value" "$unit"
  done < <(grep '^figure ' "$work/crash.out")
}
