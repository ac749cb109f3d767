# zlib 1.3.1 (target zlib): the tests compress with it; the product inflates by stb.
handful_source(ZLIB zlib-1.3.1 zlib.h "github.com/madler/zlib at v1.3.1")
set(z ${HANDFUL_ZLIB_SOURCE_DIR})
add_library(zlib STATIC
  ${z}/adler32.c ${z}/compress.c ${z}/crc32.c ${z}/deflate.c ${z}/inffast.c ${z}/inflate.c ${z}/inftrees.c ${z}/trees.c
  ${z}/uncompr.c ${z}/zutil.c)
target_include_directories(zlib SYSTEM PUBLIC ${z})
target_compile_definitions(zlib PRIVATE HAVE_UNISTD_H=1 HAVE_STDARG_H=1)
