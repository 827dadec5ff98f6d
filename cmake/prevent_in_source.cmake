# Builds inside the source tree would mix generated files with committed ones.
if(CMAKE_SOURCE_DIR STREQUAL CMAKE_BINARY_DIR)
  message(FATAL_ERROR "build outside the source tree: ./dev build, or cmake --preset release")
endif()
