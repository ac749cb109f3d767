# zlib 1.3.1: inflate, deflate and checksums (target zlib); and its contrib/minizip, reading and writing zip archives
# (target minizip; <unzip.h>, <zip.h>, and <ioapi.h> for archives in memory).
handful_source(ZLIB zlib-1.3.1 zlib.h "github.com/madler/zlib at v1.3.1")
set(z ${HANDFUL_ZLIB_SOURCE_DIR})
add_library(zlib STATIC
  ${z}/adler32.c ${z}/compress.c ${z}/crc32.c ${z}/deflate.c ${z}/inffast.c ${z}/inflate.c ${z}/inftrees.c ${z}/trees.c
  ${z}/uncompr.c ${z}/zutil.c)
target_include_directories(zlib SYSTEM PUBLIC ${z})
target_compile_definitions(zlib PRIVATE HAVE_UNISTD_H=1 HAVE_STDARG_H=1)

add_library(minizip STATIC ${z}/contrib/minizip/ioapi.c ${z}/contrib/minizip/unzip.c ${z}/contrib/minizip/zip.c)
target_include_directories(minizip SYSTEM PUBLIC ${z}/contrib/minizip)
target_compile_definitions(minizip PRIVATE NOCRYPT NOUNCRYPT)
set_target_properties(minizip PROPERTIES C_EXTENSIONS ON)
target_link_libraries(minizip PUBLIC zlib)
