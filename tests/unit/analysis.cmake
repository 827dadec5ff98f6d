# samordning_unit_test(NAME analysis_<module> LIBS samordning_analysis)
samordning_unit_test(NAME analysis_result LIBS samordning_result)
samordning_unit_test(NAME analysis_spec LIBS samordning_network)
