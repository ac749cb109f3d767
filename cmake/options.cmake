# Every option of the build, one sentence each, and what follows from them.

option(HANDFUL_SANITIZE "Instrument the project's own code with AddressSanitizer and UndefinedBehaviorSanitizer." OFF)
option(HANDFUL_WERROR "Take clang's warnings about the project's own code for errors." ON)
option(HANDFUL_BUILD_TESTS "Build the unit and golden tests." ON)
option(HANDFUL_BUILD_DESKTOP "Build the user interface as a native window (needs GLFW and OpenGL)." ON)
set(HANDFUL_WEB_VARIANT simd CACHE STRING "SIMD level of a web build: simd (simd128) or relaxed (relaxed SIMD).")
set_property(CACHE HANDFUL_WEB_VARIANT PROPERTY STRINGS simd relaxed)

if(EMSCRIPTEN)
  set(HANDFUL_WEB ON)
  option(HANDFUL_BUILD_UI "Build the user interface for the browser; it is the same for every SIMD level." ON)
  option(HANDFUL_BUILD_CLI "Build the command line for Node." ON)
  set(HANDFUL_BUILD_BENCH OFF)
  set(HANDFUL_BUILD_DESKTOP OFF)
else()
  set(HANDFUL_WEB OFF)
  option(HANDFUL_BUILD_BENCH "Build the micro-benchmarks (needs Google Benchmark)." ON)
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type." FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# A compiler cache makes a second build cheap, in this clone or another: what lies in the source tree is named relative to it, and the
# folder that the compiler is called in does not count.
find_program(HANDFUL_CCACHE ccache)
mark_as_advanced(HANDFUL_CCACHE)
set(HANDFUL_CACHED_COMPILER "")
if(HANDFUL_CCACHE)
  set(HANDFUL_CACHED_COMPILER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${HANDFUL_CCACHE})
  foreach(language IN ITEMS C CXX)
    if(NOT CMAKE_${language}_COMPILER_LAUNCHER)
      set(CMAKE_${language}_COMPILER_LAUNCHER ${HANDFUL_CACHED_COMPILER})
    endif()
  endforeach()
endif()
