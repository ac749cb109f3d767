# Where the sources of the dependencies are. tools/run and tools/test unpack them into the cache folder;
# -DHANDFUL_<NAME>_SOURCE_DIR=<checkout> names another place for any one of them.

if(DEFINED ENV{HANDFUL_CACHE})
  set(handful_cache_default $ENV{HANDFUL_CACHE})
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(handful_cache_default $ENV{XDG_CACHE_HOME}/handful)
else()
  set(handful_cache_default $ENV{HOME}/.cache/handful)
endif()
set(HANDFUL_CACHE ${handful_cache_default} CACHE PATH "Folder that holds the toolchain and the sources of the dependencies.")

# handful_source(<NAME> <folder> <file> <home>): sets HANDFUL_<NAME>_SOURCE_DIR, checking that <file> lies there.
# <folder> is its name under the cache's src folder; <home> says where people elsewhere find the same version.
function(handful_source name folder file home)
  set(variable HANDFUL_${name}_SOURCE_DIR)
  set(${variable} ${HANDFUL_CACHE}/src/${folder} CACHE PATH "Sources of ${home}.")
  if(NOT EXISTS ${${variable}}/${file})
    message(FATAL_ERROR
      "${${variable}} does not hold ${file}.\n"
      "Run `tools/run --build-only` once to fetch the sources of the dependencies, "
      "or give a checkout of ${home} by -D${variable}=<folder>.")
  endif()
  set_property(CACHE ${variable} PROPERTY ADVANCED ON)
endfunction()
