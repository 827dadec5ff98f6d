# Language level and warnings, travelling by interface target.
add_library(samordning_flags INTERFACE)
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
target_compile_definitions(samordning_flags INTERFACE _GNU_SOURCE SAMORDNING_SOFTWARE="samordning ${PROJECT_VERSION}")
target_compile_options(samordning_flags INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wvla
  -Wformat=2 -Wundef -Wwrite-strings -Wcast-qual -Wno-missing-field-initializers -Wno-unused-parameter)
if(SAMORDNING_WERROR)
  target_compile_options(samordning_flags INTERFACE -Werror)
endif()
if(SAMORDNING_COVERAGE)
  target_compile_options(samordning_flags INTERFACE --coverage)
  target_link_options(samordning_flags INTERFACE --coverage)
endif()
