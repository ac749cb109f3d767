# handful_warnings: the warnings of the project's own code, all of them errors. Dependencies never link it.
add_library(handful_warnings INTERFACE)
target_compile_options(handful_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Werror
  -Wshadow -Wconversion -Wno-sign-conversion -Wold-style-cast -Wcast-qual -Wformat=2 -Wno-format-nonliteral -Wno-missing-field-initializers
  -Wimplicit-fallthrough -Wnon-virtual-dtor -Woverloaded-virtual -Wundef -Wunused
  # Debian 12's standard library calls a function of its own that clang 19 knows to be deprecated.
  -Wno-deprecated-declarations
  $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wextra-semi -Wnewline-eof -Wunreachable-code>)
