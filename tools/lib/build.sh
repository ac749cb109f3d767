# Building. Sourced after common.sh, packages.sh, sources.sh and emscripten.sh.

# ensure_npm [FOLDER]: the npm packages of its package-lock.json, into its node_modules; by default those of the checkout.
ensure_npm() {
  local root=$HANDFUL_ROOT${1:+/$1} logs=$HANDFUL_ROOT/build/logs
  [ -e "$root/package-lock.json" ] || return 0
  cmp -s "$root/package-lock.json" "$root/node_modules/.handful-lock" && return 0
  say "Installing npm packages${1:+ of $1}."
  mkdir -p "$logs"
  (cd "$root" && quietly "$logs/npm.log" npm ci --no-audit --no-fund) || die "npm ci failed${1:+ in $1}."
  cp "$root/package-lock.json" "$root/node_modules/.handful-lock"
}

# The number of compilers at once: one per core, as far as memory goes (1 GB each).
build_jobs() {
  local cores memory
  cores=$(nproc 2>/dev/null || echo 2)
  memory=$(awk '/MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || echo "$cores")
  [ "$memory" -ge 1 ] || memory=1
  [ "$cores" -le "$memory" ] && echo "$cores" || echo "$memory"
}

# build PRESET TARGET...: configures if need be and builds; says what it did. The log lies in build/logs.
build() {
  local preset=$1
  shift
  mkdir -p "$HANDFUL_ROOT/build/logs"
  (
    flock -n 8 || { say "Waiting for another build of $preset."; flock 8; }
    build_locked "$preset" "$@" 8>&-
  ) 8>"$HANDFUL_ROOT/build/logs/$preset.lock"
}

build_locked() {
  local preset=$1 tree=$HANDFUL_ROOT/build/$1 log=$HANDFUL_ROOT/build/logs/$1.log began=$SECONDS
  shift
  cd "$HANDFUL_ROOT"
  if [ ! -e "$tree/build.ninja" ] || [ CMakePresets.json -nt "$tree/.configured" ]; then
    if ! quietly "$log" cmake --preset "$preset"; then
      # A tree left over from another compiler or checkout is no use; configure afresh once.
      rm -rf "$tree/CMakeCache.txt" "$tree/CMakeFiles"
      say "Configuring $preset afresh."
      quietly "$log" cmake --preset "$preset" || die "configuring $preset failed."
    fi
    touch "$tree/.configured"
  fi
  local targets=() target
  for target in "$@"; do targets+=(--target "$target"); done
  if ! NINJA_STATUS='[%f/%t] ' cmake --build "$tree" --parallel "$(build_jobs)" "${targets[@]}" 2>&1 |
    tee "$log" | build_progress "$preset"; then
    # Ninja prints a failed command with its errors among the others; show those.
    awk '/^FAILED: /{show=1} /^\[[0-9]+\/[0-9]+\] /{show=0} show' "$log" | cut -c 1-600 | sed -n 1,120p >&2
    say "The whole log: $log"
    die "building $preset failed."
  fi
  if grep -q 'no work to do' "$log"; then
    say "$preset: nothing to do."
  else
    say "$preset: built in $((SECONDS - began)) s."
  fi
}

# build_progress NAME: on a terminal, one line that counts; elsewhere a line every half minute.
build_progress() {
  local name=$1 line last=$SECONDS
  while IFS= read -r line; do
    case $line in
      \[[0-9]*/[0-9]*\]*) line=${line%%]*} line=${line#[} ;;
      *) continue ;;
    esac
    if [ -t 2 ]; then
      printf '\r%s: %s ' "$name" "$line" >&2
    elif [ $((SECONDS - last)) -ge 30 ]; then
      say "$name: $line files"
      last=$SECONDS
    fi
  done
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
}

# committed_models FOLDER: a copy of models/ without what tools/fetch-backbone puts there.
committed_models() {
  local file
  rm -rf "$1"
  mkdir -p "$1"
  for file in "$HANDFUL_ROOT"/models/*; do
    case ${file##*/} in
      mobilenet_v2_035_224_backbone.safetensors | imagenet.safetensors | *.part) ;;
      *) cp -p "$file" "$1" ;;
    esac
  done
}

# pack_dist [SITE]: assembles dist/ or another folder of the checkout, unless nothing it is made of has changed since the last time.
pack_dist() {
  local site=${1:-dist} models=${HANDFUL_MODELS:-models} stamp
  stamp=$HANDFUL_ROOT/build/.${site##*/}-packed
  cd "$HANDFUL_ROOT"
  if [ -e "$site/index.html" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$models" ] && [ -z "$(find web "$models" tools/pack-dist LICENSE \
    package-lock.json build/web-simd/bin/{engine,converter,ui,handful}.* build/web-relaxed/bin/engine.* -newer "$stamp" -print -quit 2>/dev/null)" ]; then
    say "$site/: nothing to do."
    return 0
  fi
  printf '%s' "$models" >"$stamp.new"
  tools/pack-dist --out "$site" || return 1
  mv "$stamp.new" "$stamp"
}
