# source_digest(<target> <name> <folder>...): generates <name>.c with `const char <name>[]`, the program's name and version and the first twelve
# digits of a SHA-256 over every file below the folders. The same sources give the same text, whoever builds them, where and how.
function(source_digest target name)
  set(folders ${ARGN})
  set(globs ${folders})
  list(TRANSFORM globs PREPEND ${CMAKE_SOURCE_DIR}/)
  list(TRANSFORM globs APPEND /*)
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${globs})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated/${name}.c)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR} "-DFOLDERS=${folders}" -DNAME=${name} -DOUT=${out}
            -P ${CMAKE_SOURCE_DIR}/cmake/source_digest_run.cmake
    DEPENDS ${inputs} ${CMAKE_SOURCE_DIR}/cmake/source_digest_run.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
