# Fails unless valgrind ran a program of Catch2 tests to its end and saw no error
# of memory. There a long double is a double, so assertions may fail, and are not asked.
#   cmake -Dprogram=PROGRAM -P memcheck.cmake      (in a folder that takes two logs)

cmake_minimum_required(VERSION 3.25)
file(REMOVE memcheck.log memcheck_tests.log)
execute_process(COMMAND valgrind --log-file=memcheck.log ${program} RESULT_VARIABLE result OUTPUT_FILE memcheck_tests.log)
foreach(log memcheck memcheck_tests)
  set(${log} "")
  if(EXISTS ${CMAKE_CURRENT_BINARY_DIR}/${log}.log)
    file(READ ${CMAKE_CURRENT_BINARY_DIR}/${log}.log ${log})
  endif()
endforeach()

# Catch2 ends with the number of assertions that failed, or with 42, and counts the
# test cases; what a signal ended has no number here.
if(NOT result MATCHES "^[0-9]+$" OR NOT memcheck MATCHES "ERROR SUMMARY: 0 errors"
   OR NOT memcheck_tests MATCHES "\n(All tests passed|test cases: )")
  message(FATAL_ERROR "${program} under valgrind ended with: ${result}\n${memcheck}")
endif()
