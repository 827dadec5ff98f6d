# embed_sql(<target>): every migration and query of sql/ as constants in a generated sql_text.{c,h}.
#   struct sql_migration { int number; const char *name; const char *text; };  sql_migrations[], sql_migration_count
#   extern const char sql_<folder>_<file>[];   for queries/<folder>/<file>.sql (or sql_<file> for queries/<file>.sql)
function(embed_sql target)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.sql)
  add_custom_command(
    OUTPUT ${out}/sql_text.c ${out}/sql_text.h
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_CURRENT_SOURCE_DIR} -DOUT=${out} -P ${CMAKE_SOURCE_DIR}/cmake/embed_sql_run.cmake
    DEPENDS ${inputs} ${CMAKE_SOURCE_DIR}/cmake/embed_sql_run.cmake VERBATIM)
  add_library(${target} STATIC ${out}/sql_text.c ${out}/sql_text.h)
  target_include_directories(${target} PUBLIC ${out})
endfunction()
