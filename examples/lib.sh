# What the examples' scripts share: a server if none is named, the product's plans, a key, and calls that are shown and checked.

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$(cd -P "$(dirname "$0")" && pwd)
# So that running an example again begins with users that have used nothing.
run=$(date +%s)-$$

fail() {
  echo "$*" >&2
  exit 1
}

# begin ORGANIZATION: against the server at $QUOTARY_URL, or one of its own that goes when the script ends.
begin() {
  command -v curl >/dev/null || fail "The examples call the server with curl: install it."
  if [ -z "${QUOTARY_URL:-}" ]; then
    own_server
  fi
  [ -n "${QUOTARY_ADMIN_KEY:-}" ] || fail "Set QUOTARY_ADMIN_KEY to the admin key of the server at $QUOTARY_URL."
  "$root/quotary" apply -f "$here/plans.yaml"
  key_of "$1"
}

# key_of ORGANIZATION: the calls that follow are made with a key of its backend.
key_of() {
  QUOTARY_KEY=$("$root/quotary" key create --organization "$1" --role service --name example)
}

own_server() {
  server=
  work=$(mktemp -d)
  trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
  QUOTARY_ADMIN_KEY=qk_admin_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  export QUOTARY_ADMIN_KEY
  (cd "$work" && exec "$root/quotary" serve --data "$work/data" --port 0) >"$work/out" 2>"$work/err" &
  server=$!
  local i
  for ((i = 0; i < 600; i++)); do
    QUOTARY_URL=$(sed -n 's/^quotary on //p' "$work/out")
    [ -z "$QUOTARY_URL" ] || break
    kill -0 "$server" 2>/dev/null || fail "The server did not start: $(cat "$work/err")"
    sleep 0.2
  done
  [ -n "$QUOTARY_URL" ] || fail "The server did not start within two minutes."
  export QUOTARY_URL
}

say() {
  printf '\n%s\n' "$*"
}

# call METHOD PATH [BODY]: as the product's backend. Leaves $status and $body, and the headers in $headers.
call() {
  request "$QUOTARY_KEY" "$@"
}

# admin METHOD PATH [BODY]: as the operator.
admin() {
  request "$QUOTARY_ADMIN_KEY" "$@"
}

request() {
  local key=$1 method=$2 path=$3 content=${4:-} more=() answer
  # Whatever is there is changed: an example owns what it declares.
  [ "$method" != PATCH ] || more=(-H 'If-Match: *')
  [ -z "$content" ] || more+=(-d "$content")
  answer=$(curl -sS -i -X "$method" "$QUOTARY_URL$path" -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
    ${more[@]+"${more[@]}"} | tr -d '\r')
  status=$(printf '%s\n' "$answer" | sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p')
  headers=$(printf '%s\n' "$answer" | sed '/^$/q')
  body=$(printf '%s\n' "$answer" | sed '1,/^$/d')
  printf '  %s %s -> %s\n' "$method" "$path" "$status"
}

# expect STATUS [TEXT…]: the last answer has this status, and each text in its headers or its body.
expect() {
  [ "$status" = "$1" ] || fail "expected status $1, was $status: $body"
  shift
  local text
  for text in "$@"; do
    case "$headers$body" in
      *"$text"*) printf '    %s\n' "$text" ;;
      *) fail "expected '$text' in: $headers $body" ;;
    esac
  done
}

# member NAME: the text of the last member of this name in the last answer.
member() {
  printf '%s' "$body" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

# times N TEXT: a JSON list that has the text N times.
times() {
  local list=$2 i
  for ((i = 1; i < $1; i++)); do
    list=$list,$2
  done
  printf '[%s]' "$list"
}
