// The few questions XNNPACK asks about an x86-64 CPU, answered by CPUID and XGETBV. It stands in for the cpuinfo library,
// of which nothing else would be used: caches, cores and clusters matter to XNNPACK on ARM only.
//
// A feature counts as present when the CPU has it and the operating system saves its registers.
#ifndef HANDFUL_SHIMS_CPUINFO_H_
#define HANDFUL_SHIMS_CPUINFO_H_

#include <cpuid.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bit `bit` of register `reg` (0..3: eax, ebx, ecx, edx) of a CPUID leaf, subleaf 0.
static inline bool handful_cpuid_bit(uint32_t leaf, int reg, int bit) {
  uint32_t r[4] = {0, 0, 0, 0};
  if (!__get_cpuid_count(leaf, 0, &r[0], &r[1], &r[2], &r[3])) return false;
  return (r[reg] >> bit) & 1;
}

// Whether the operating system saves all register states in `mask` (bits of XCR0).
static inline bool handful_os_saves(uint32_t mask) {
  if (!handful_cpuid_bit(1, 2, 27)) return false;  // OSXSAVE
  uint32_t eax, edx;
  __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  return (eax & mask) == mask;
}

static inline bool cpuinfo_initialize(void) { return true; }

// XNNPACK picks other matrix kernels on the first Zen cores, whose FMA units are half as wide.
enum cpuinfo_uarch { cpuinfo_uarch_unknown = 0, cpuinfo_uarch_zen, cpuinfo_uarch_dhyana };

struct cpuinfo_core {
  enum cpuinfo_uarch uarch;
};

static inline const struct cpuinfo_core* cpuinfo_get_core(uint32_t index) {
  static const struct cpuinfo_core kUnknown = {cpuinfo_uarch_unknown}, kZen = {cpuinfo_uarch_zen},
                                   kDhyana = {cpuinfo_uarch_dhyana};
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
  (void)index;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return &kUnknown;
  const uint32_t family = ((eax >> 8) & 0xF) + ((eax >> 20) & 0xFF);
  const uint32_t model = ((eax >> 4) & 0xF) | ((eax >> 12) & 0xF0);
  if (family == 0x18) return &kDhyana;
  if (family == 0x17 && (model == 0x01 || model == 0x08 || model == 0x11 || model == 0x18)) return &kZen;
  return &kUnknown;
}

static inline bool cpuinfo_has_x86_sse2(void) { return true; }
static inline bool cpuinfo_has_x86_ssse3(void) { return handful_cpuid_bit(1, 2, 9); }
static inline bool cpuinfo_has_x86_sse4_1(void) { return handful_cpuid_bit(1, 2, 19); }
static inline bool cpuinfo_has_x86_avx(void) { return handful_os_saves(0x6) && handful_cpuid_bit(1, 2, 28); }
static inline bool cpuinfo_has_x86_f16c(void) { return cpuinfo_has_x86_avx() && handful_cpuid_bit(1, 2, 29); }
static inline bool cpuinfo_has_x86_fma3(void) { return cpuinfo_has_x86_avx() && handful_cpuid_bit(1, 2, 12); }
static inline bool cpuinfo_has_x86_avx2(void) { return cpuinfo_has_x86_avx() && handful_cpuid_bit(7, 1, 5); }
static inline bool cpuinfo_has_x86_avx512f(void) { return handful_os_saves(0xE6) && handful_cpuid_bit(7, 1, 16); }
static inline bool cpuinfo_has_x86_avx512bw(void) { return cpuinfo_has_x86_avx512f() && handful_cpuid_bit(7, 1, 30); }
static inline bool cpuinfo_has_x86_avx512dq(void) { return cpuinfo_has_x86_avx512f() && handful_cpuid_bit(7, 1, 17); }
static inline bool cpuinfo_has_x86_avx512vl(void) { return cpuinfo_has_x86_avx512f() && handful_cpuid_bit(7, 1, 31); }

#ifdef __cplusplus
}
#endif

#endif  // HANDFUL_SHIMS_CPUINFO_H_
