# The system's packages. Sourced after common.sh.

HANDFUL_PACKAGES_NATIVE=(cmake ninja-build ccache g++ clang-19 libclang-rt-19-dev python3 xz-utils ca-certificates
  libhdf5-dev libglfw3-dev libgl-dev libbenchmark-dev)
HANDFUL_PACKAGES_WEB=(lld-19 llvm-19 brotli)
HANDFUL_PACKAGES_TEST=(chromium firefox-esr xvfb xauth python3-distributed python3-dask python3-numpy python3-h5py python3-pil)

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

# The release of Debian this machine runs (12, 13, …), or 0 elsewhere.
debian_version() {
  local version=0
  if [ -r /etc/os-release ]; then
    version=$(. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_ID:-99}") || version=0
  fi
  echo "$version"
}

# install_packages NAME...: installs what is missing; asks apt for nothing when nothing is.
install_packages() {
  local installed missing=() package
  installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true)"
  for package in "$@"; do
    case $installed in *" installed:$package "*) ;; *) missing+=("$package") ;; esac
  done
  [ ${#missing[@]} = 0 ] && return 0
  say "Installing Debian packages: ${missing[*]}"
  mkdir -p "$HANDFUL_CACHE/logs"
  local env=(env DEBIAN_FRONTEND=noninteractive)
  local options=(-y -q --no-install-recommends -o DPkg::Lock::Timeout=600)
  local log=$HANDFUL_CACHE/logs/apt.log
  if as_root "${env[@]}" apt-get install "${options[@]}" "${missing[@]}" >"$log" 2>&1; then return 0; fi
  say "apt knows too little yet; fetching its package lists."
  quietly "$log" as_root apt-get update -q || die "apt-get update failed."
  quietly "$log" as_root "${env[@]}" apt-get install "${options[@]}" "${missing[@]}" ||
    die "apt could not install the packages."
}

# ensure_packages [web] [test]: what a native build needs, and besides it what "web" builds and the "test"s need.
ensure_packages() {
  local wanted=("${HANDFUL_PACKAGES_NATIVE[@]}")
  local node=no
  case " $* " in *" test "*) wanted+=("${HANDFUL_PACKAGES_TEST[@]}") ;; esac
  case " $* " in
    *" web "*)
      node=yes
      wanted+=("${HANDFUL_PACKAGES_WEB[@]}")
      node_is_new_enough || wanted+=(nodejs npm)
      if ! emcc_is_new_enough; then
        wanted+=(node-acorn)
        if version_at_least "$(debian_version)" 13; then wanted+=(emscripten); fi
      fi
      ;;
  esac
  if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_packages "${wanted[@]}"
  else
    say "This is not a Debian system, so nothing is installed; the build needs: ${wanted[*]}"
  fi
  if [ $node = yes ] && ! node_is_new_enough; then
    die "Node 18 or later with npm is needed; here is $(node --version 2>/dev/null || echo 'no Node at all')."
  fi
}

# clang_tool NAME: where that program of clang 19 is (clang-format, clang-tidy); its Debian package is installed where it is missing.
clang_tool() {
  local candidate
  for candidate in "$1-19" "/usr/lib/llvm-19/bin/$1" "$1"; do
    if command -v "$candidate" >/dev/null && "$candidate" --version 2>/dev/null | grep -q 'version 19\.'; then
      command -v "$candidate"
      return
    fi
  done
  command -v apt-get >/dev/null || die "$1 19 is needed."
  install_packages "$1-19"
  command -v "$1-19" || die "the package $1-19 has no program $1-19."
}
