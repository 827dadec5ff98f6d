# samordning_room(NAME <name> SOURCES ... [LIBS ...]): a static library samordning_<name> whose folder is its include path.
function(samordning_room)
  cmake_parse_arguments(ROOM "" "NAME" "SOURCES;LIBS" ${ARGN})
  add_library(samordning_${ROOM_NAME} STATIC ${ROOM_SOURCES})
  target_include_directories(samordning_${ROOM_NAME} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(samordning_${ROOM_NAME} PUBLIC samordning_flags ${ROOM_LIBS})
endfunction()

# samordning_unit_test(NAME <room>_<module> LIBS ...): tests/unit/<name>_test.c, written with check, registered with CTest.
# All cases of a file run in one process: with sanitizers a fork and a search for leaks of each case's own took half of all the time.
function(samordning_unit_test)
  cmake_parse_arguments(TEST "" "NAME" "LIBS;SOURCES" ${ARGN})
  add_executable(${TEST_NAME}_test ${TEST_NAME}_test.c ${TEST_SOURCES})
  target_link_libraries(${TEST_NAME}_test PRIVATE samordning_flags ${TEST_LIBS} PkgConfig::check)
  add_test(NAME unit.${TEST_NAME} COMMAND ${TEST_NAME}_test)
  set_tests_properties(unit.${TEST_NAME} PROPERTIES LABELS unit TIMEOUT 300 ENVIRONMENT CK_FORK=no)
endfunction()
