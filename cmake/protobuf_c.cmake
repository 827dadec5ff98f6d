# protobuf_c_generate(<target> <file.proto>...): a static library of the generated code, which is never committed. Generated code is
# compiled without our warnings. Files may import one another.
function(protobuf_c_generate target)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  set(sources)
  foreach(proto ${ARGN})
    get_filename_component(stem ${proto} NAME_WE)
    add_custom_command(
      OUTPUT ${out}/${stem}.pb-c.c ${out}/${stem}.pb-c.h
      COMMAND ${PROTOC_C} --proto_path=${CMAKE_CURRENT_SOURCE_DIR} --c_out=${out} ${CMAKE_CURRENT_SOURCE_DIR}/${proto}
      DEPENDS ${ARGN} VERBATIM)
    list(APPEND sources ${out}/${stem}.pb-c.c ${out}/${stem}.pb-c.h)
  endforeach()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} SYSTEM PUBLIC ${out})
  target_link_libraries(${target} PUBLIC PkgConfig::protobufc)
  if(SAMORDNING_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${SAMORDNING_SANITIZE})
  endif()
endfunction()
