if(SAMORDNING_SANITIZE)
  target_compile_options(samordning_flags INTERFACE -fsanitize=${SAMORDNING_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(samordning_flags INTERFACE -fsanitize=${SAMORDNING_SANITIZE})
  # The tests start some thousand processes: a fixed address spares each the relocation of 360,000 pointers, most of them the sanitizer's.
  target_link_options(samordning_flags INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
endif()
