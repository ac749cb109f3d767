# FlatBuffers 23.5.26: its header-only builder, with which .tflite files are written. Files of others are read by our own reader,
# which believes no offset.
handful_source(FLATBUFFERS flatbuffers-23.5.26 include/flatbuffers/flatbuffers.h "github.com/google/flatbuffers at v23.5.26")
add_library(flatbuffers INTERFACE)
add_library(flatbuffers::flatbuffers ALIAS flatbuffers)
target_include_directories(flatbuffers SYSTEM INTERFACE ${HANDFUL_FLATBUFFERS_SOURCE_DIR}/include)
