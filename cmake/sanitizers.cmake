if(SAMORDNING_SANITIZE)
  target_compile_options(samordning_flags INTERFACE -fsanitize=${SAMORDNING_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(samordning_flags INTERFACE -fsanitize=${SAMORDNING_SANITIZE})
  # The tests start some thousand processes. A fixed address spares each the relocation of 360,000 pointers, most of them the sanitizer's; a static
  # runtime for undefined behaviour brings no second set of the tables that sanitizer_pages.c is about.
  add_library(sanitizer_pages OBJECT ${CMAKE_CURRENT_LIST_DIR}/sanitizer_pages.c)
  target_compile_definitions(sanitizer_pages PRIVATE _GNU_SOURCE)
  target_sources(samordning_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:$<TARGET_OBJECTS:sanitizer_pages>>)
  target_link_options(samordning_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
  # A hundred programs are linked for the tests; binutils' other linker takes half the time for one.
  find_program(GOLD_LINKER ld.gold)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND GOLD_LINKER)
    target_link_options(samordning_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-fuse-ld=gold>)
  endif()
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND SAMORDNING_SANITIZE MATCHES "undefined")
    target_link_options(samordning_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-static-libubsan>)
  endif()
endif()
