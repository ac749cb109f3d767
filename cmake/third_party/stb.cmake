# stb: single-header libraries. Whoever uses one defines its IMPLEMENTATION macro in exactly one file.
handful_source(STB stb-5c20573 stb_image.h "github.com/nothings/stb at 5c20573")
add_library(stb INTERFACE)
target_include_directories(stb SYSTEM INTERFACE ${HANDFUL_STB_SOURCE_DIR})
