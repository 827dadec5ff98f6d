# embed_text(SYMBOL <name> HEADER <h> INPUT <file> RET <variable>): a generated C file that defines `const char <name>[]` (ends with a
# NUL) and `const size_t <name>_size` (without it), as HEADER declares them. The file's path is put in the variable.
function(embed_text)
  cmake_parse_arguments(TEXT "" "SYMBOL;HEADER;INPUT;RET" "" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated/${TEXT_SYMBOL}.c)
  set(run ${CMAKE_SOURCE_DIR}/cmake/embed_text_run.cmake)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${TEXT_SYMBOL} -DHEADER=${TEXT_HEADER} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${TEXT_INPUT} -DOUT=${out} -P ${run}
    DEPENDS ${TEXT_INPUT} ${run} VERBATIM)
  set(${TEXT_RET} ${out} PARENT_SCOPE)
endfunction()
