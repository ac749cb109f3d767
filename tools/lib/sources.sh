# The sources of the dependencies, from Debian 13's signed source packages, unpacked into the cache folder.
# Sourced after common.sh and packages.sh. People elsewhere give their own checkouts to CMake (cmake/sources.cmake).

# folder in the cache | Debian source package | upstream version | a file that must be there
HANDFUL_SOURCES='
xnnpack-4ea82e5|xnnpack|0.0~git20241108.4ea82e5|include/xnnpack.h
pthreadpool-560c60d|pthreadpool|0.0~git20240616.560c60d|include/pthreadpool.h
fxdiv-b408327|fxdiv|0.0~git20200417.b408327|include/fxdiv.h
fp16-4dfe081|fp16|0.0~git20200514.4dfe081|include/fp16.h
imgui-1.90.1|imgui|1.90.1+ds|imgui.h
stb-5c20573|libstb|0.0~git20241109.5c20573+ds|stb_image.h
zlib-1.3.1|zlib|1.3.dfsg+really1.3.1|zlib.h
flatbuffers-23.5.26|flatbuffers|23.5.26+dfsg|include/flatbuffers/flatbuffers.h
nlohmann-json-3.11.3|nlohmann-json3|3.11.3|single_include/nlohmann/json.hpp
googletest-1.16.0|googletest|1.16.0|googletest/include/gtest/gtest.h
'

# trixie_apt TOOL ARGS...: apt-get or apt-cache on Debian 13's packages, in a private configuration that leaves the
# system's own alone. The address is the one the machine already uses; signatures are checked as ever.
trixie_apt() {
  local tool=$1
  shift
  local apt=$HANDFUL_CACHE/apt
  "$tool" -q \
    -o Dir::Etc::SourceList="$apt/trixie.sources" -o Dir::Etc::SourceParts=/nonexistent \
    -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" \
    -o APT::Sandbox::User="$(id -un)" -o APT::Get::List-Cleanup=false "$@"
}

# The address of this machine's Debian packages.
debian_uri() {
  apt-get indextargets --format '$(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "main" && $2 !~ /security|updates|backports/ { print $3; exit }'
}

# Fetches Debian 13's package lists into the cache; with "fresh", also when they are there already.
ensure_trixie_lists() {
  local apt=$HANDFUL_CACHE/apt uri
  [ "${1:-}" = fresh ] || [ ! -e "$apt/.complete" ] || return 0
  uri=$(debian_uri)
  [ -n "$uri" ] || die "apt names no Debian package source to fetch the dependencies' sources from."
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$HANDFUL_CACHE/logs"
  printf '%s\n' 'Types: deb deb-src' "URIs: $uri" 'Suites: trixie' 'Components: main' \
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' >"$apt/trixie.sources"
  quietly "$HANDFUL_CACHE/logs/apt-trixie.log" trixie_apt apt-get update ||
    die "the package lists of Debian 13 could not be fetched."
  touch "$apt/.complete"
}

# download_source FOLDER PACKAGE VERSION: puts the package's tarball into FOLDER; fails if there is none after that.
download_source() {
  local folder=$1 package=$2 version=$3 full
  full=$(trixie_apt apt-cache madison "$package" 2>/dev/null | awk -F ' *[|] *' -v v="$version" -v p="$package" '
    { gsub(/ /, "", $1); without = $2; sub(/^[0-9]+:/, "", without); sub(/-[^-]*$/, "", without) }
    $1 == p && without == v { found = $2 } END { print found }')
  [ -n "$full" ] || return 1
  # Some packages' .dsc is missing from mirrors; the tarball is what counts, so its presence is the test.
  (cd "$folder" && trixie_apt apt-get source --download-only --tar-only "$package=$full") \
    >"$HANDFUL_CACHE/logs/source-$package.log" 2>&1 || true
  [ -n "$(find "$folder" -name "${package}_*.orig.tar.*" ! -name '*.asc')" ]
}

# fetch_source FOLDER PACKAGE VERSION FILE: unpacks one source into the cache.
fetch_source() {
  local folder=$1 package=$2 version=$3 file=$4 work tarball
  ensure_trixie_lists
  say "Fetching $package $version."
  work=$(mktemp -d "$HANDFUL_CACHE/src/.fetch-XXXXXX")
  if ! download_source "$work" "$package" "$version"; then
    # The lists may be of an older point release.
    ensure_trixie_lists fresh
    if ! download_source "$work" "$package" "$version"; then
      tail -n 5 "$HANDFUL_CACHE/logs/source-$package.log" >&2 || true
      rm -rf "$work"
      die "the source of $package $version could not be fetched from Debian 13's packages."
    fi
  fi
  tarball=$(find "$work" -name "${package}_*.orig.tar.*" ! -name '*.asc' | head -n 1)
  mkdir "$work/tree"
  tar -xf "$tarball" -C "$work/tree"
  local top=$work/tree
  [ -e "$top/$file" ] || top=$(find "$work/tree" -mindepth 1 -maxdepth 1 -type d | head -n 1)
  [ -e "$top/$file" ] || die "the source of $package does not hold $file."
  rm -rf "$HANDFUL_CACHE/src/$folder"
  touch "$top/.complete"
  mv "$top" "$HANDFUL_CACHE/src/$folder"
  rm -rf "$work"
}

fetch_missing_sources() {
  local folder package version file
  while IFS='|' read -r folder package version file; do
    [ -n "$folder" ] || continue
    [ -e "$HANDFUL_CACHE/src/$folder/.complete" ] && continue
    fetch_source "$folder" "$package" "$version" "$file" </dev/null
  done <<<"$HANDFUL_SOURCES"
}

ensure_sources() {
  local folder rest
  mkdir -p "$HANDFUL_CACHE/src" "$HANDFUL_CACHE/logs"
  while IFS='|' read -r folder rest; do
    [ -n "$folder" ] || continue
    if [ ! -e "$HANDFUL_CACHE/src/$folder/.complete" ]; then
      with_lock sources fetch_missing_sources
      return
    fi
  done <<<"$HANDFUL_SOURCES"
}
