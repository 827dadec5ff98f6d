# samordning_unit_test(NAME analysis_<module> LIBS samordning_analysis)
