# samordning_unit_test(NAME proto_<module> LIBS samordning_proto)
