# samordning_unit_test(NAME client_<module> LIBS samordning_client)
