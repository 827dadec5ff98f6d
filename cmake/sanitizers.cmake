if(SAMORDNING_SANITIZE)
  target_compile_options(samordning_flags INTERFACE -fsanitize=${SAMORDNING_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(samordning_flags INTERFACE -fsanitize=${SAMORDNING_SANITIZE})
endif()
