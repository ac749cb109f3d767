// Which microkernel XNNPACK's dispatch chose, read from its own configuration (internal headers of the pinned version).
#include <xnnpack.h>

#include "nn/net.h"

extern "C" {
#include "xnnpack/config.h"
#include "xnnpack/gemm.h"
}

namespace handful::nn {
namespace {

struct NamedKernel {
  const char* name;
  xnn_f32_gemm_minmax_ukernel_fn kernel;
};

constexpr NamedKernel kKernels[] = {
#if defined(__wasm_relaxed_simd__)
    {"wasmrelaxedsimd_fma 4x8 loadsplat", xnn_f32_gemm_minmax_ukernel_4x8__wasmrelaxedsimd_fma_loadsplat},
    {"wasmrelaxedsimd_fma 6x8 splat", xnn_f32_gemm_minmax_ukernel_6x8__wasmrelaxedsimd_fma_splat},
#elif defined(__wasm_simd128__)
    {"wasmsimd 4x8 loadsplat (x86)", xnn_f32_gemm_minmax_ukernel_4x8__wasmsimd_x86_loadsplat},
    {"wasmsimd 4x8 splat (x86)", xnn_f32_gemm_minmax_ukernel_4x8__wasmsimd_x86_splat},
    {"wasmsimd 5x8 splat (arm)", xnn_f32_gemm_minmax_ukernel_5x8__wasmsimd_arm_splat},
#elif defined(__x86_64__)
    {"avx512f 7x32", xnn_f32_gemm_minmax_ukernel_7x32__avx512f_broadcast},
    {"fma3 4x16s4", xnn_f32_gemm_minmax_ukernel_4x16s4__fma3_broadcast},
    {"fma3 5x16", xnn_f32_gemm_minmax_ukernel_5x16__fma3_broadcast},
    {"avx 5x16", xnn_f32_gemm_minmax_ukernel_5x16__avx_broadcast},
    {"sse 4x8", xnn_f32_gemm_minmax_ukernel_4x8__sse_load1},
#endif
    {nullptr, nullptr},
};

}  // namespace

std::string GemmKernelName() {
  if (xnn_initialize(nullptr) != xnn_status_success) return "none";
  const xnn_gemm_config* config = xnn_init_f32_gemm_config();
  if (config == nullptr || config->mr == 0) return "none";
  const auto chosen = reinterpret_cast<xnn_f32_gemm_minmax_ukernel_fn>(config->minmax.gemm[config->mr - 1].function[0]);
  for (const NamedKernel& known : kKernels) {
    if (known.kernel != nullptr && known.kernel == chosen) return known.name;
  }
  return Format("mr %d, nr %d", config->mr, config->nr);
}

}  // namespace handful::nn
