# The warnings of the project's own code; dependencies never link these. With clang, which the presets use, they are all
# errors (HANDFUL_WERROR); other compilers find other things.
# handful_warnings is for the product; handful_test_warnings lets tests write numbers as they come.
set(handful_warning_flags
  -Wall -Wextra -Wpedantic $<$<AND:$<BOOL:${HANDFUL_WERROR}>,$<CXX_COMPILER_ID:Clang,AppleClang>>:-Werror>
  -Wshadow -Wconversion -Wno-sign-conversion -Wold-style-cast -Wcast-qual -Wformat=2 -Wno-format-nonliteral
  -Wno-missing-field-initializers -Wimplicit-fallthrough -Wnon-virtual-dtor -Woverloaded-virtual -Wundef -Wunused
  # Debian 12's standard library calls a function of its own that clang 19 knows to be deprecated.
  -Wno-deprecated-declarations
  $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wnewline-eof -Wunreachable-code>)

add_library(handful_warnings INTERFACE)
target_compile_options(handful_warnings INTERFACE ${handful_warning_flags})

add_library(handful_test_warnings INTERFACE)
target_compile_options(handful_test_warnings INTERFACE
  ${handful_warning_flags} -Wno-conversion -Wno-old-style-cast $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wno-unreachable-code>)
