// Dear ImGui's configuration (IMGUI_USER_CONFIG): what Handful does not use is left out.
#pragma once

#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_FILE_FUNCTIONS
#define IMGUI_DISABLE_TTY_FUNCTIONS
#define IMGUI_DISABLE_WIN32_FUNCTIONS
// A 64-bit texture handle on every platform.
#define ImTextureID unsigned long long
