# XNNPACK 4ea82e5, its operators without its graph layer, one thread; with pthreadpool (its single-threaded shim), FP16
# and FXdiv. XNNPACK's own CMakeLists.txt refuses Emscripten and wants more than is needed here, so the library is put
# together from its lists of production kernels, for WebAssembly and for x86-64 alike.
#   web: the architecture flag (-msimd128, or with -mrelaxed-simd) holds for all files; there is no run-time dispatch.
#   x86-64: each list of kernels has its own flags and the CPU is asked at run time (shims/cpuinfo/cpuinfo.h).
handful_source(XNNPACK xnnpack-4ea82e5 include/xnnpack.h "github.com/google/XNNPACK at 4ea82e5")
handful_source(PTHREADPOOL pthreadpool-560c60d include/pthreadpool.h "github.com/Maratyszcza/pthreadpool at 560c60d")
handful_source(FXDIV fxdiv-b408327 include/fxdiv.h "github.com/Maratyszcza/FXdiv at b408327")
handful_source(FP16 fp16-4dfe081 include/fp16.h "github.com/Maratyszcza/FP16 at 4dfe081")

add_library(pthreadpool STATIC ${HANDFUL_PTHREADPOOL_SOURCE_DIR}/src/shim.c)
target_include_directories(pthreadpool SYSTEM PUBLIC ${HANDFUL_PTHREADPOOL_SOURCE_DIR}/include)
target_include_directories(pthreadpool PRIVATE ${HANDFUL_FXDIV_SOURCE_DIR}/include)

set(xnn ${HANDFUL_XNNPACK_SOURCE_DIR})
file(GLOB xnn_sources CONFIGURE_DEPENDS
  ${xnn}/src/configs/*.c ${xnn}/src/enums/*.c ${xnn}/src/operators/*.c ${xnn}/src/tables/*.c
  ${xnn}/src/reference/*.cc)
list(APPEND xnn_sources
  ${xnn}/src/allocator.c ${xnn}/src/cache.c ${xnn}/src/datatype.c ${xnn}/src/indirection.c ${xnn}/src/init.c
  ${xnn}/src/log.c ${xnn}/src/memory.c ${xnn}/src/microkernel-utils.c ${xnn}/src/microparams-init.c ${xnn}/src/mutex.c
  ${xnn}/src/normalization.c ${xnn}/src/operator-delete.c ${xnn}/src/operator-run.c ${xnn}/src/operator-utils.c
  ${xnn}/src/params.c)

# handful_xnn_kernels(<list> <flags>...): adds the production kernels of one of XNNPACK's lists.
function(handful_xnn_kernels list)
  string(TOLOWER ${list} file)
  include(${xnn}/cmake/gen/${file}_microkernels.cmake)
  set(kernels ${PROD_${list}_MICROKERNEL_SRCS})
  list(TRANSFORM kernels PREPEND ${xnn}/)
  set_property(SOURCE ${kernels} PROPERTY COMPILE_OPTIONS -fno-math-errno ${ARGN})
  set(xnn_sources ${xnn_sources} ${kernels} PARENT_SCOPE)
endfunction()

handful_xnn_kernels(SCALAR)
set(xnn_options_on MEMOPT GEMM_M_SPECIALIZATION)
if(HANDFUL_WEB)
  handful_xnn_kernels(WASM)
  handful_xnn_kernels(WASMSIMD)
  if(HANDFUL_WEB_VARIANT STREQUAL "relaxed")
    handful_xnn_kernels(WASMRELAXEDSIMD)
  endif()
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(skx -mf16c -mfma -mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl)
  handful_xnn_kernels(SSE -msse -mno-sse2)
  handful_xnn_kernels(SSE2 -msse2 -mno-sse3)
  handful_xnn_kernels(SSSE3 -mssse3 -mno-sse4.1)
  handful_xnn_kernels(SSE41 -msse4.1 -mno-sse4.2)
  handful_xnn_kernels(AVX -mavx -mno-avx2 -mno-fma -mno-f16c)
  handful_xnn_kernels(F16C -mf16c -mno-avx2 -mno-fma)
  handful_xnn_kernels(FMA3 -mf16c -mfma -mno-avx2)
  handful_xnn_kernels(AVX2 -mf16c -mfma -mavx2)
  handful_xnn_kernels(AVX512F -mavx512f)
  handful_xnn_kernels(AVX512SKX ${skx})
  list(APPEND xnn_options_on CPUINFO AVX512F AVX512SKX)
else()
  message(FATAL_ERROR "The native build knows x86-64 only, not ${CMAKE_SYSTEM_PROCESSOR}; the web presets build anywhere.")
endif()

add_library(XNNPACK STATIC ${xnn_sources})
foreach(option IN ITEMS
    ARM_FP16_VECTOR ARM_FP16_SCALAR ARM_BF16 ARM_DOTPROD ARM_I8MM ARM_SME ARM_SME2 RISCV_VECTOR VSX HVX KLEIDIAI
    AVXVNNI AVXVNNIINT8 AVX256SKX AVX256VNNI AVX256VNNIGFNI AVX512F AVX512SKX AVX512VBMI AVX512VNNI AVX512VNNIGFNI
    AVX512AMX AVX512FP16 ASSEMBLY SPARSE DWCONV_MULTIPASS MEMOPT GEMM_M_SPECIALIZATION CPUINFO)
  if(option IN_LIST xnn_options_on)
    list(APPEND xnn_definitions XNN_ENABLE_${option}=1)
  else()
    list(APPEND xnn_definitions XNN_ENABLE_${option}=0)
  endif()
endforeach()
target_compile_definitions(XNNPACK PRIVATE ${xnn_definitions})
# Messages about refused arguments on stderr (level 2, errors) help natively and only weigh in a page.
target_compile_definitions(XNNPACK PRIVATE XNN_LOG_LEVEL=$<IF:$<BOOL:${HANDFUL_WEB}>,0,2>)
target_include_directories(XNNPACK SYSTEM PUBLIC ${xnn}/include)
target_include_directories(XNNPACK PRIVATE
  ${xnn}/src ${HANDFUL_FXDIV_SOURCE_DIR}/include ${HANDFUL_FP16_SOURCE_DIR}/include)
# The shims' folders are given only to the files that include them, so that every other object is the same in each clone
# and comes out of the compiler cache.
if(HANDFUL_WEB)
  # A few WebAssembly kernels include <arm_neon.h> by mistake.
  set(shim arm_neon)
  set(shim_users ${xnn_sources})
  list(FILTER shim_users INCLUDE REGEX "/f32-q[su]8-vcvt/.*wasmsimd")
else()
  set(shim cpuinfo)
  set(shim_users ${xnn}/src/configs/hardware-config.c ${xnn}/src/configs/gemm-config.c ${xnn}/src/configs/dwconv-config.c)
endif()
set_property(SOURCE ${shim_users} PROPERTY INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR}/cmake/shims/${shim})
set_target_properties(XNNPACK PROPERTIES C_EXTENSIONS ON C_STANDARD 99 CXX_STANDARD 17)
target_link_libraries(XNNPACK PUBLIC pthreadpool)
if(NOT HANDFUL_WEB)
  target_link_libraries(XNNPACK PUBLIC m)
endif()

# XNNPACK_internal: its internal headers, for asking which kernels it chose.
add_library(XNNPACK_internal INTERFACE)
target_include_directories(XNNPACK_internal SYSTEM INTERFACE ${xnn}/src)
target_compile_definitions(XNNPACK_internal INTERFACE ${xnn_definitions})
target_link_libraries(XNNPACK_internal INTERFACE XNNPACK)
