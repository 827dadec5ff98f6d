samordning_unit_test(NAME sql_marks LIBS samordning_sql)
