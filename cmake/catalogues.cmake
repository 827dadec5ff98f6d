# Message catalogues: po/<domain>/<language>.po compiled by msgfmt.
#
# samordning_catalogue(DOMAIN <domain> LANGUAGES ...): build/share/locale/<language>/LC_MESSAGES/<domain>.mo, installed to the same place.
# embed_catalogues(<target> DOMAIN <domain> LANGUAGES ...): the same files as constants in a generated catalogue_data.{c,h}, for a program
# that renders several languages one after the other and must not depend on where it is installed or on the process's locale.
function(samordning_catalogue)
  cmake_parse_arguments(CATALOGUE "" "DOMAIN" "LANGUAGES" ${ARGN})
  set(outputs "")
  foreach(language ${CATALOGUE_LANGUAGES})
    set(folder ${CMAKE_BINARY_DIR}/share/locale/${language}/LC_MESSAGES)
    set(input ${CMAKE_SOURCE_DIR}/po/${CATALOGUE_DOMAIN}/${language}.po)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(
      OUTPUT ${folder}/${CATALOGUE_DOMAIN}.mo
      COMMAND ${MSGFMT} --check --output-file=${folder}/${CATALOGUE_DOMAIN}.mo ${input}
      DEPENDS ${input} VERBATIM)
    list(APPEND outputs ${folder}/${CATALOGUE_DOMAIN}.mo)
    install(FILES ${folder}/${CATALOGUE_DOMAIN}.mo DESTINATION ${CMAKE_INSTALL_LOCALEDIR}/${language}/LC_MESSAGES)
  endforeach()
  add_custom_target(catalogue_${CATALOGUE_DOMAIN} ALL DEPENDS ${outputs})
endfunction()

function(embed_catalogues target)
  cmake_parse_arguments(CATALOGUE "" "DOMAIN" "LANGUAGES" ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  set(inputs "")
  foreach(language ${CATALOGUE_LANGUAGES})
    list(APPEND inputs ${CMAKE_SOURCE_DIR}/po/${CATALOGUE_DOMAIN}/${language}.po)
  endforeach()
  list(JOIN CATALOGUE_LANGUAGES "," languages)
  add_custom_command(
    OUTPUT ${out}/catalogue_data.c ${out}/catalogue_data.h
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR}/po/${CATALOGUE_DOMAIN} -DOUT=${out} -DLANGUAGES=${languages} -DMSGFMT=${MSGFMT}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_catalogues_run.cmake
    DEPENDS ${inputs} ${CMAKE_SOURCE_DIR}/cmake/embed_catalogues_run.cmake VERBATIM)
  target_sources(${target} PRIVATE ${out}/catalogue_data.c ${out}/catalogue_data.h)
  target_include_directories(${target} PRIVATE ${out})
endfunction()
