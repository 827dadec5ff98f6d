# The store: everything behind store.h. Knows libpq and libevent; never OpenSSL.
add_library(samordning_store STATIC
  access.c
  cluster.c
  cluster_files.c
  copy_row.c
  db.c
  db_pool.c
  flight.c
  gather.c
  gathering.c
  jobs.c
  labels.c
  migrate.c
  pg_binary.c
  store.c
  store_admin.c
  store_export.c
  store_job.c
  store_json.c
  store_letter.c
  store_register.c
  store_comment.c
  store_logo.c
  store_result.c
  store_schedule.c
  store_small.c
  store_status.c
  store_submit.c
  store_survey.c
  store_survey_form.c
  store_survey_house.c
  store_survey_save.c
  store_survey_waves.c
  stored_answers.c
  store_token.c
  submission_names.c
  submission_side.c
  touched_row.c
  workers.c)
target_link_libraries(samordning_store PUBLIC samordning_base PRIVATE samordning_sql PkgConfig::libpq PkgConfig::libevent
  PkgConfig::jansson PkgConfig::sodium PkgConfig::xxhash)
