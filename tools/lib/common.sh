# What the scripts in tools/ share: messages, the cache folder, locks. Sourced, never run.
# All messages go to stderr, so that stdout stays free for results.

set -euo pipefail

HANDFUL_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
HANDFUL_CACHE=${HANDFUL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/handful}
export HANDFUL_ROOT HANDFUL_CACHE
mkdir -p "$HANDFUL_CACHE"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# plan N: how many steps there will be. step TEXT: says which one begins, and how long the script has run.
HANDFUL_STEPS=0
HANDFUL_STEP=0
plan() { HANDFUL_STEPS=$1; }
step() {
  HANDFUL_STEP=$((HANDFUL_STEP + 1))
  printf '\n[%d of %d, %d:%02d] %s\n' "$HANDFUL_STEP" "$HANDFUL_STEPS" $((SECONDS / 60)) $((SECONDS % 60)) "$*" >&2
}

# quietly LOG COMMAND...: runs a command with its output in a log file; shows the end of the log if it fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    say "This failed: $*"
    tail -n 40 "$log" >&2
    say "The whole log: $log"
    return 1
  fi
}

# with_lock NAME COMMAND...: one process at a time does this, among all clones of this user.
with_lock() {
  local name=$1
  shift
  (
    if ! flock -n 9; then
      say "Waiting for another run that holds the lock '$name'."
      flock 9
    fi
    "$@" 9>&-
  ) 9>"$HANDFUL_CACHE/.lock-$name"
}

# as_root COMMAND...: runs a command as root, by sudo where needed.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    say "sudo is needed for: $*"
    sudo "$@"
  else
    die "this needs root, and there is no sudo: $*"
  fi
}

# version_at_least HAVE WANT: compares dotted versions.
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
