# Read by ctest: the sanitizers' options of all tests, unless whoever runs them has set some. Freed memory is kept for 16 MB instead of
# 256, still tens of thousands of blocks: with all of it the kernel hands out new pages for most allocations, a quarter to nearly half of the
# processor's time in tests that allocate much. Eight callers of an allocation tell where it was.
if(NOT DEFINED ENV{ASAN_OPTIONS})
  set(ENV{ASAN_OPTIONS} "quarantine_size_mb=16:malloc_context_size=8")
endif()
