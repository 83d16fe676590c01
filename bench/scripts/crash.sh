# shellcheck shell=bash
# kill -9 under load, again and again; see CrashRig and PostgresCrashRig in module e2e.

# A cycle takes 2 to 20 seconds; what takes longer hangs, and is a fault as well.
cycle_seconds_max=60
ends_seconds_max=300

# rig <name> <class> <cycles> [seed]
rig() {
  local name=$1 class=$2 cycles=$3 seed=${4:-}
  say "$name: $cycles cycles"
  # Not in $work: root runs PostgreSQL as another user, who may not enter that.
  launch "$name" timeout --kill-after=10 $((cycles * cycle_seconds_max + ends_seconds_max)) "$JAVA_HOME/bin/java" -Xmx1g -cp "$root/e2e/target/classes:$bench/target/bench/*" \
    "dev.quotary.e2e.crash.$class" "$root/quotary" "$cycles" ${seed:+"$seed"}
  if ! wait "$launched"; then
    cat "$work/$name.out" "$work/$name.err" >&2
    keep_work=1
    fail "a promise was broken"
  fi
  say "$name: $(sed -n 's/^seed/seed/p' "$work/$name.out")"
  while read -r _ what value unit; do
    figure "$what" "$value" "$unit"
  done < <(grep '^figure ' "$work/$name.out")
}

bench_crash() {
  rig crash CrashRig "${1:-100}" "${2:-}"
}

bench_crash_postgres() {
  rig crash-postgres PostgresCrashRig "${1:-40}" "${2:-}"
}
