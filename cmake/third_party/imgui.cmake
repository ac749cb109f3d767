# Dear ImGui 1.90.1. Target imgui is the core alone, which draws nothing and needs no window, so tests can link it;
# imgui_backends adds GLFW and OpenGL 3 (WebGL 2 on the web) for the platform mains.
# Where src/ui/toolkit/imgui_config.h exists it is ImGui's configuration (IMGUI_USER_CONFIG).
handful_source(IMGUI imgui-1.90.1 imgui.h "github.com/ocornut/imgui at v1.90.1")
set(i ${HANDFUL_IMGUI_SOURCE_DIR})
# The build's copies of imgui.cpp, imgui_draw.cpp and imgui_impl_opengl3.cpp do without what nobody here ever meets but every page would load: the
# built-in bitmap font, settings files, keyboard navigation (the page's elements have it; web/page/access.ts), and a constant
# table of checksums, which is made at the start instead; two numbers are read without sscanf, which brings 6 KB.
# handful_imgui_replace(<file> <old> <new>): in the text of <file>, and says so if it is not there.
macro(handful_imgui_replace file old new)
  string(FIND "${${file}}" "${old}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "${file}.cpp has no \"${old}\" to replace.")
  endif()
  string(REPLACE "${old}" "${new}" ${file} "${${file}}")
endmacro()
file(READ ${i}/imgui_draw.cpp imgui_draw)
handful_imgui_replace(imgui_draw "return proggy_clean_ttf_compressed_data_base85;" "return \"\";")
file(READ ${i}/imgui.cpp imgui)
foreach(function IN ITEMS "static void ImGui::NavUpdate()" "static void ImGui::NavEndFrame()" "static void ImGui::NavProcessItem()"
                          "void ImGui::NavInitWindow(ImGuiWindow* window, bool force_reinit)" "void ImGui::UpdateSettings()")
  handful_imgui_replace(imgui "\n${function}\n{\n" "\n${function}\n{\n    return;\n")
endforeach()
handful_imgui_replace(imgui "\n        AddSettingsHandler(&ini_handler);" "")
handful_imgui_replace(imgui "\n    TableSettingsAddSettingsHandler();" "")
foreach(function IN ITEMS ClearAll ReadOpen ReadLine ApplyAll WriteAll)
  handful_imgui_replace(imgui "\n        ini_handler.${function}Fn = WindowSettingsHandler_${function};" "")
endforeach()
string(REGEX REPLACE "\nstatic const ImU32 GCrc32LookupTable\\[256\\] =\n{[^}]*};" "
static ImU32 GCrc32LookupTable[256];
static const bool GCrc32LookupTableMade = [] {
    for (ImU32 i = 0; i < 256; i++)
    {
        ImU32 crc = i;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) ? 0xEDB88320u : 0u);
        GCrc32LookupTable[i] = crc;
    }
    return true;
}();" imgui "${imgui}")
set(own ${CMAKE_CURRENT_BINARY_DIR})
file(READ ${i}/backends/imgui_impl_opengl3.cpp imgui_impl_opengl3)
handful_imgui_replace(imgui_impl_opengl3 "sscanf(gl_version, \"%d.%d\", &major, &minor);" "major = atoi(gl_version);")
handful_imgui_replace(imgui_impl_opengl3 "sscanf(bd->GlslVersionString, \"#version %d\", &glsl_version);"
                      "glsl_version = atoi(bd->GlslVersionString + sizeof \"#version\");")
handful_imgui_replace(imgui_impl_opengl3 "#include <stdio.h>" "#include <stdio.h>\n#include <stdlib.h>")
foreach(file IN ITEMS imgui imgui_draw imgui_impl_opengl3)
  file(WRITE ${own}/${file}.cpp.new "${${file}}")
  configure_file(${own}/${file}.cpp.new ${own}/${file}.cpp COPYONLY)
endforeach()
add_library(imgui STATIC ${own}/imgui.cpp ${own}/imgui_draw.cpp ${i}/imgui_tables.cpp ${i}/imgui_widgets.cpp)
target_include_directories(imgui SYSTEM PUBLIC ${i} ${i}/misc/cpp)
target_compile_definitions(imgui PUBLIC IMGUI_DISABLE_OBSOLETE_FUNCTIONS IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_DEBUG_TOOLS)
target_compile_features(imgui PUBLIC cxx_std_20)
if(HANDFUL_WEB)
  target_compile_options(imgui PRIVATE -Oz $<$<CONFIG:Release>:-flto>)
endif()
file(GLOB config CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/ui/toolkit/imgui_config.h)
if(config)
  target_compile_definitions(imgui PUBLIC IMGUI_USER_CONFIG="${config}")
endif()

add_library(imgui_backends STATIC ${i}/backends/imgui_impl_glfw.cpp ${own}/imgui_impl_opengl3.cpp)
target_include_directories(imgui_backends SYSTEM PUBLIC ${i}/backends)
target_link_libraries(imgui_backends PUBLIC imgui)
if(HANDFUL_WEB)
  target_compile_definitions(imgui_backends PUBLIC IMGUI_IMPL_OPENGL_ES3)
  target_compile_options(imgui_backends PRIVATE -Oz $<$<CONFIG:Release>:-flto>)
  target_link_options(imgui_backends INTERFACE -sUSE_GLFW=3 -sMIN_WEBGL_VERSION=2 -sMAX_WEBGL_VERSION=2)
elseif(HANDFUL_BUILD_DESKTOP)
  find_package(glfw3 3.3 REQUIRED)
  find_package(OpenGL REQUIRED COMPONENTS OpenGL)
  target_link_libraries(imgui_backends PUBLIC glfw OpenGL::GL ${CMAKE_DL_LIBS})
else()
  set_target_properties(imgui_backends PROPERTIES EXCLUDE_FROM_ALL ON)
endif()
