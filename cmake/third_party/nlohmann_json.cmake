# nlohmann-json 3.11.3, header only, without exceptions: parse with allow_exceptions=false and look before `at`.
handful_source(NLOHMANN_JSON nlohmann-json-3.11.3 single_include/nlohmann/json.hpp "github.com/nlohmann/json at v3.11.3")
add_library(nlohmann_json INTERFACE)
add_library(nlohmann_json::nlohmann_json ALIAS nlohmann_json)
target_include_directories(nlohmann_json SYSTEM INTERFACE ${HANDFUL_NLOHMANN_JSON_SOURCE_DIR}/single_include)
target_compile_definitions(nlohmann_json INTERFACE JSON_NOEXCEPTION=1)
