# protobuf_c_generate(<target> <file.proto>): a static library of the generated code, which is never committed. Generated code is
# compiled without our warnings.
function(protobuf_c_generate target proto)
  get_filename_component(stem ${proto} NAME_WE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${out}/${stem}.pb-c.c ${out}/${stem}.pb-c.h
    COMMAND ${PROTOC_C} --proto_path=${CMAKE_CURRENT_SOURCE_DIR} --c_out=${out} ${CMAKE_CURRENT_SOURCE_DIR}/${proto}
    DEPENDS ${proto} VERBATIM)
  add_library(${target} STATIC ${out}/${stem}.pb-c.c ${out}/${stem}.pb-c.h)
  target_include_directories(${target} SYSTEM PUBLIC ${out})
  target_link_libraries(${target} PUBLIC PkgConfig::protobufc)
  if(SAMORDNING_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${SAMORDNING_SANITIZE})
  endif()
endfunction()
