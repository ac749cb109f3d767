# The shapes of target this project is made of: a library per folder of src, and executables.

# handful_build: how the project's own code is compiled. Results do not depend on fused multiply-adds, and errors are
# values, so exceptions and run-time type information are off.
add_library(handful_build INTERFACE)
set(generated ${PROJECT_BINARY_DIR}/generated)
configure_file(${PROJECT_SOURCE_DIR}/src/base/version.h.in ${generated}/base/version.h @ONLY)
target_include_directories(handful_build INTERFACE ${PROJECT_SOURCE_DIR}/src ${generated})
target_compile_features(handful_build INTERFACE cxx_std_20)
target_compile_options(handful_build INTERFACE
  -fno-exceptions -fno-rtti -ffp-contract=off -fno-math-errno
  $<$<CONFIG:Debug>:-O1>)
if(HANDFUL_WEB)
  target_compile_options(handful_build INTERFACE
    -msimd128 $<$<STREQUAL:${HANDFUL_WEB_VARIANT},relaxed>:-mrelaxed-simd>)
  target_link_options(handful_build INTERFACE -fno-exceptions)
endif()
if(HANDFUL_SANITIZE)
  target_compile_options(handful_build INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(handful_build INTERFACE -fsanitize=address,undefined)
endif()

# handful_library(<folder> [DEPS <folders>...] [PRIVATE_DEPS <targets>...] [NATIVE_DEPS <targets>...] [SIZE] [LTO])
# The library handful_<folder> (alias handful::<folder>, with / as _) from the .cpp files of src/<folder> and of the folders in it.
# DEPS are folders of src, visible to whoever links this one; PRIVATE_DEPS are dependencies' targets;
# NATIVE_DEPS likewise, but not in web builds. SIZE: a web build prefers small code to fast code.
# LTO: and it compiles this library together with what it is linked to (the user interface is 6 % smaller so).
# A folder without sources makes an empty interface library, so that a dependent need not care.
function(handful_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SIZE;LTO" "" "DEPS;PRIVATE_DEPS;NATIVE_DEPS")
  string(REPLACE "/" "_" name ${folder})
  set(target handful_${name})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp ${PROJECT_SOURCE_DIR}/src/${folder}/*/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(main|engine_main|ui_main)\\.cpp$")
  list(TRANSFORM arg_DEPS REPLACE "/" "_")
  list(TRANSFORM arg_DEPS PREPEND handful::)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target}
      PUBLIC handful_build ${arg_DEPS}
      PRIVATE $<BUILD_INTERFACE:handful_warnings> ${arg_PRIVATE_DEPS})
    if(NOT HANDFUL_WEB)
      target_link_libraries(${target} PRIVATE ${arg_NATIVE_DEPS})
    elseif(arg_SIZE)
      target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Oz>)
    endif()
    if(HANDFUL_WEB AND arg_LTO)
      target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-flto>)
    endif()
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE handful_build ${arg_DEPS})
  endif()
  add_library(handful::${name} ALIAS ${target})
endfunction()

# handful_executable(<target> [TEST] SOURCES <files>... DEPS <targets>...): an executable of the project's own code;
# TEST: of tests, which are warned about less.
function(handful_executable target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TEST" "" "SOURCES;DEPS")
  add_executable(${target} ${arg_SOURCES})
  set(warnings $<IF:$<BOOL:${arg_TEST}>,handful_test_warnings,handful_warnings>)
  target_link_libraries(${target} PRIVATE handful_build ${warnings} ${arg_DEPS})
endfunction()

# What all WebAssembly programs have in common: memory that grows, a stack that image code fits in, no `new Function`
# (a strict content security policy forbids it), and the file name's ending by which Node and browsers know a module.
function(handful_web_program target)
  set_target_properties(${target} PROPERTIES SUFFIX .mjs)
  target_link_options(${target} PRIVATE
    -sMODULARIZE=1 -sEXPORT_ES6=1 -sDYNAMIC_EXECUTION=0
    -sSTACK_SIZE=1MB -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=2GB
    $<$<CONFIG:Release>:-O3>
    $<$<CONFIG:Debug>:-sASSERTIONS=1>)
endfunction()

# handful_web_module(<target> <environments> [runtime names...]): a module the page loads. Its exported functions are those marked
# EMSCRIPTEN_KEEPALIVE, and it has no main loop or file system of its own.
function(handful_web_module target environments)
  set(names HEAPU8 HEAP32 HEAPF32 UTF8ToString stringToUTF8 lengthBytesUTF8 ${ARGN})
  list(JOIN names "," names)
  handful_web_program(${target})
  target_link_options(${target} PRIVATE
    -sENVIRONMENT=${environments} -sFILESYSTEM=0 -sINCOMING_MODULE_JS_API=wasmBinary,locateFile,print,printErr,canvas,onAbort,instantiateWasm
    -sEXPORTED_RUNTIME_METHODS=${names}
    -sEXPORTED_FUNCTIONS=_malloc,_free
    --no-entry)
endfunction()

# handful_node_program(<target>): a command-line program that Node runs (`node x.mjs ARGS`), reading this machine's files.
function(handful_node_program target)
  handful_web_program(${target})
  target_link_options(${target} PRIVATE -sENVIRONMENT=node -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sEXPORTED_RUNTIME_METHODS=ENV)
endfunction()
