# samordning_unit_test(NAME client_<module> LIBS samordning_client)
samordning_unit_test(NAME client_calendar LIBS samordning_simulate)
samordning_unit_test(NAME client_simulate LIBS samordning_simulate)
