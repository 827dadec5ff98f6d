# samordning_unit_test(NAME server_<module> LIBS samordning_server)
