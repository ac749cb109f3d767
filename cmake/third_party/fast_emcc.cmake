# emcc is a Python program that ends up calling clang; for the 700 small C files of XNNPACK its start-up takes longer than
# the compiling. Here the C files of the dependencies go to that same clang directly, with the flags that emcc names; the
# objects are the same, byte for byte. Where emcc does not name them, everything goes through emcc.
if(NOT DEFINED HANDFUL_EMCC_CLANG)
  execute_process(COMMAND ${HANDFUL_EMSCRIPTEN_ROOT}/em-config LLVM_ROOT
    OUTPUT_VARIABLE llvm OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed_root)
  execute_process(COMMAND ${HANDFUL_EMSCRIPTEN_ROOT}/emcc --cflags
    OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed_flags)
  set(clang "")
  if(NOT failed_root AND NOT failed_flags AND flags MATCHES "wasm32")
    foreach(name IN ITEMS clang clang-19)
      if(EXISTS ${llvm}/${name} AND NOT (name STREQUAL "clang" AND llvm STREQUAL "/usr/bin"))
        set(clang ${llvm}/${name})
        break()
      endif()
    endforeach()
  endif()
  set(HANDFUL_EMCC_CLANG "${clang}" CACHE INTERNAL "The clang behind emcc, or nothing.")
  set(HANDFUL_EMCC_FLAGS "${flags}" CACHE INTERNAL "The flags with which emcc calls it.")
endif()

if(HANDFUL_EMCC_CLANG)
  list(TRANSFORM HANDFUL_CACHED_COMPILER REPLACE "(.+)" "\"\\1\"" OUTPUT_VARIABLE cached)
  list(JOIN cached " " cached)
  set(launcher ${CMAKE_CURRENT_BINARY_DIR}/fast_emcc.sh)
  # The first argument is emcc, in whose place clang is called.
  file(WRITE ${launcher} "#!/bin/sh\nshift\nexec ${cached} \"${HANDFUL_EMCC_CLANG}\" ${HANDFUL_EMCC_FLAGS} \"$@\"\n")
  file(CHMOD ${launcher} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()
