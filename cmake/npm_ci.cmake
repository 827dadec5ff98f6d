# npm_ci(): what package-lock.json of SOURCE says into WORK/node_modules, with a word for whoever has no network.
foreach(file package.json package-lock.json .npmrc)
  file(COPY ${SOURCE}/${file} DESTINATION ${WORK})
endforeach()
execute_process(COMMAND ${NPM} ci --ignore-scripts --prefer-offline WORKING_DIRECTORY ${WORK} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(failed)
  message(FATAL_ERROR "npm could not fetch what ${SOURCE}/package-lock.json names.\n${said}\n"
    "This needs the network once for each build folder; afterwards it is built without. Without any network: fill npm's cache elsewhere with the "
    "same file (npm ci --cache DIR) and set npm_config_cache=DIR and npm_config_offline=true here.")
endif()
file(TOUCH ${WORK}/node_modules/.fetched)
