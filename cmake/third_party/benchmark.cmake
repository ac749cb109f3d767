# Google Benchmark, the system's package: benchmark::benchmark and benchmark::benchmark_main. Without it, no benchmarks.
find_package(benchmark QUIET)
if(NOT benchmark_FOUND)
  message(STATUS "Google Benchmark is not installed (Debian: libbenchmark-dev); bench/ is left out.")
endif()
