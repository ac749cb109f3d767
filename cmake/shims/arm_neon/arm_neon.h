// A few of XNNPACK's WebAssembly kernels include this header by mistake; what they use is here.
#include <wasm_simd128.h>
