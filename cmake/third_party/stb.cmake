# stb: single-header libraries. Whoever uses one defines its IMPLEMENTATION macro in exactly one file.
# stb_image_resize2.h is a copy in the build tree whose tables name only the functions for 8-bit pictures of three channels
# without alpha: they keep everything they name alive, 100 KB that Handful never calls (src/image/resize.cpp).
handful_source(STB stb-5c20573 stb_image.h "github.com/nothings/stb at 5c20573")
set(stb_copies ${CMAKE_CURRENT_BINARY_DIR}/stb)
file(READ ${HANDFUL_STB_SOURCE_DIR}/stb_image_resize2.h resize)
# What a table of functions holds turns into "0" or, where three channels are meant, stays; square brackets and semicolons
# mean something to CMake's lists, so the text is only ever treated as a whole.
function(handful_stb_replace pattern with)
  string(REGEX REPLACE "${pattern}" "${with}" replaced "${resize}")
  if(replaced STREQUAL resize)
    message(FATAL_ERROR "stb_image_resize2.h has no \"${pattern}\" to replace.")
  endif()
  set(resize "${replaced}" PARENT_SCOPE)
endfunction()
# Rows of channel orders with alpha, and the types that are not linear 8 bits.
handful_stb_replace("{ /\\* [A-Z]+ +\\*/ [^\n]*stbir__(de|en)code[^\n]*}(,?)\n" "{ 0 }\\2\n")
handful_stb_replace("/\\* 1ch-4ch \\*/ stbir__[^\n]*\n" "0\n")
handful_stb_replace("(stbir__(de|en)code_uint8_linear) }, { stbir__(de|en)code_uint16_linear_scaled, stbir__(de|en)code_uint16_linear }" "\\1 }, { 0 }")
handful_stb_replace("{ stbir__(fancy|simple)_alpha_[^\n]*}" "{ 0 }")
# Widths of horizontal filters: three channels only.
handful_stb_replace("0, stbir__horizontal_gather_1_([a-z_]*funcs), [^\n]*\n" "0, 0, 0, stbir__horizontal_gather_3_\\1\n")
file(WRITE ${stb_copies}/stb_image_resize2.h.new "${resize}")
configure_file(${stb_copies}/stb_image_resize2.h.new ${stb_copies}/stb_image_resize2.h COPYONLY)
add_library(stb INTERFACE)
target_include_directories(stb SYSTEM BEFORE INTERFACE ${stb_copies} ${HANDFUL_STB_SOURCE_DIR})
