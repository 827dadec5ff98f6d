# The store's sources: add_library(samordning_store STATIC ...) links samordning_base, samordning_sql and libpq.
