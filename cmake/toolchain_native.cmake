# Native builds use clang, the compiler that Emscripten uses too: the one in CC and CXX if set, else the newest
# clang found from version 16 on, else the system's default compiler.
if(NOT DEFINED ENV{CC} AND NOT DEFINED ENV{CXX} AND NOT CMAKE_C_COMPILER)
  foreach(version IN ITEMS -21 -20 -19 -18 -17 -16)
    find_program(handful_clang${version} clang${version} NO_CACHE)
    find_program(handful_clangxx${version} clang++${version} NO_CACHE)
    if(handful_clang${version} AND handful_clangxx${version})
      set(CMAKE_C_COMPILER ${handful_clang${version}})
      set(CMAKE_CXX_COMPILER ${handful_clangxx${version}})
      break()
    endif()
  endforeach()
endif()
