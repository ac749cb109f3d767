# Emscripten: the one on the PATH if it is new enough, else Debian 13's package unpacked into the cache folder.
# Sourced after common.sh, packages.sh and sources.sh.

HANDFUL_EMSCRIPTEN_VERSION=3.1.69
HANDFUL_EMSCRIPTEN_DIR=$HANDFUL_CACHE/emscripten-$HANDFUL_EMSCRIPTEN_VERSION

# Debian 13's binaryen wants a newer C library than Debian 12 has, so the three packages that hold one are unpacked
# beside it and each of its tools starts through that library's loader. The system stays as it is.
unpack_emscripten() {
  local dir=$HANDFUL_EMSCRIPTEN_DIR work share tool loader
  [ -e "$dir/.complete" ] && return 0
  [ "$(uname -m)" = x86_64 ] || die "Emscripten $HANDFUL_EMSCRIPTEN_VERSION or later is needed on the PATH (emsdk, or a newer Debian)."
  ensure_trixie_lists
  say "Fetching Emscripten $HANDFUL_EMSCRIPTEN_VERSION (237 MB) and Binaryen."
  rm -rf "$dir" "$dir.part"
  work=$dir.part
  mkdir -p "$work/debs" "$work/loader"
  local packages=(emscripten binaryen libc6 libstdc++6 libgcc-s1)
  if ! (cd "$work/debs" && trixie_apt apt-get download "${packages[@]}" >"$HANDFUL_CACHE/logs/emscripten.log" 2>&1); then
    # The lists may be of an older point release.
    ensure_trixie_lists fresh
    (cd "$work/debs" && quietly "$HANDFUL_CACHE/logs/emscripten.log" trixie_apt apt-get download "${packages[@]}") ||
      die "Emscripten could not be fetched from Debian 13's packages."
  fi
  ls "$work/debs/emscripten_$HANDFUL_EMSCRIPTEN_VERSION"* >/dev/null 2>&1 ||
    die "Debian 13 no longer carries Emscripten $HANDFUL_EMSCRIPTEN_VERSION; put a newer emcc on the PATH."
  local deb
  for deb in emscripten binaryen; do dpkg-deb -x "$work/debs/${deb}"_*.deb "$work/root"; done
  for deb in libc6 libstdc++6 libgcc-s1; do dpkg-deb -x "$work/debs/${deb}"_*.deb "$work/loader"; done
  rm -rf "$work/debs"

  share=$work/root/usr/share/emscripten
  mkdir -p "$share/node_modules"
  ln -s /usr/share/nodejs/acorn "$share/node_modules/acorn"

  # The wrappers and the configuration name the final folder, where the tree is moved at the end.
  mkdir -p "$work/binaryen/bin"
  loader=$(cd "$work" && find loader -name 'ld-linux-x86-64.so.2' -not -type d | head -n 1)
  for tool in "$work"/root/usr/bin/*; do
    tool=$(basename "$tool")
    case $tool in wasm*) ;; *) continue ;; esac
    printf '#!/bin/sh\nexec "%s" --library-path "%s:%s" "%s" "$@"\n' \
      "$dir/$loader" "$dir/loader/usr/lib/x86_64-linux-gnu" "$dir/root/usr/lib/x86_64-linux-gnu" \
      "$dir/root/usr/bin/$tool" >"$work/binaryen/bin/$tool"
    chmod +x "$work/binaryen/bin/$tool"
  done
  ln -s "$dir/root/usr/lib" "$work/binaryen/lib"

  # Libraries for 64-bit memory, link-time optimisation and dynamic linking are not used, and weigh 1.2 GB.
  find "$share/test" -mindepth 1 -maxdepth 1 ! -name hello_world.c -exec rm -rf {} +
  rm -rf "$work/root/usr/share/doc" "$share/cache/sysroot/lib/wasm64-emscripten" \
    "$share/cache/sysroot/lib/wasm32-emscripten"/{lto,lto-pic,pic}

  # emcc reads the configuration that lies beside it, so nothing has to be set in the environment.
  cat >"$share/.emscripten" <<CONF
LLVM_ROOT = '$(dirname "$(readlink -f "$(command -v clang-19)")")'
BINARYEN_ROOT = '$dir/binaryen'
NODE_JS = 'node'
FROZEN_CACHE = True
CONF
  mv "$work" "$dir"
  touch "$dir/.complete"
}

# ensure_emscripten: afterwards cmake/toolchain_web.cmake finds Emscripten.
ensure_emscripten() {
  if emcc_is_new_enough; then
    return 0
  fi
  mkdir -p "$HANDFUL_CACHE/logs"
  [ -e "$HANDFUL_EMSCRIPTEN_DIR/.complete" ] || with_lock emscripten unpack_emscripten
}
