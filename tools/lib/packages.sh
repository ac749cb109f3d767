# The system's packages. Sourced after common.sh.

HANDFUL_PACKAGES_BUILD=(cmake ninja-build ccache g++ clang-19 lld-19 llvm-19 libclang-rt-19-dev python3 brotli xz-utils
  ca-certificates libhdf5-dev libglfw3-dev libgl-dev libbenchmark-dev)
HANDFUL_PACKAGES_TEST=(chromium xvfb xauth)

node_is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    version_at_least "$(node --version | tr -d v)" 18
}

emcc_is_new_enough() {
  command -v emcc >/dev/null || return 1
  local version
  version=$(emcc --version 2>/dev/null | head -n 1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1) || return 1
  version_at_least "$version" 3.1.69
}

# The release of Debian this machine runs (12, 13, …), or nothing elsewhere.
debian_version() {
  [ -r /etc/os-release ] || return 0
  (. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_ID:-}") || true
}

# install_packages NAME...: installs what is missing; asks apt for nothing when nothing is.
install_packages() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "Installing Debian packages: ${missing[*]}"
  local env=(env DEBIAN_FRONTEND=noninteractive)
  local options=(-y -q --no-install-recommends -o DPkg::Lock::Timeout=600)
  local log=$HANDFUL_CACHE/logs/apt.log
  if ! quietly "$log" as_root "${env[@]}" apt-get install "${options[@]}" "${missing[@]}"; then
    say "Trying once more with fresh package lists."
    quietly "$log" as_root apt-get update -q
    quietly "$log" as_root "${env[@]}" apt-get install "${options[@]}" "${missing[@]}"
  fi
}

# ensure_packages [test]: everything the build needs, and with "test" what the tests need besides.
ensure_packages() {
  local wanted=("${HANDFUL_PACKAGES_BUILD[@]}")
  [ "${1:-}" = test ] && wanted+=("${HANDFUL_PACKAGES_TEST[@]}")
  node_is_new_enough || wanted+=(nodejs npm)
  if ! emcc_is_new_enough; then
    wanted+=(node-acorn)
    version_at_least "$(debian_version)" 13 && wanted+=(emscripten)
  fi
  if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_packages "${wanted[@]}"
  else
    say "This is not a Debian system, so nothing is installed; the build needs: ${wanted[*]}"
  fi
  node_is_new_enough || die "Node 18 or later is needed; this is $(node --version 2>/dev/null || echo 'no Node at all')."
}
