# Fails unless every program of `programs` prints the same lines; those of
# `flushing`, the same but for lines that name denormals.
#   cmake "-Dprograms=A;B;..." ["-Dflushing=C;..."] -P same_bits.cmake

cmake_minimum_required(VERSION 3.25)
list(LENGTH programs count)
if(count LESS 2)
  message(FATAL_ERROR "`programs` must be two or more, to be compared")
endif()

set(expected "")
foreach(program IN LISTS programs flushing)
  execute_process(COMMAND ${program} OUTPUT_VARIABLE lines RESULT_VARIABLE result)
  if(NOT result EQUAL 0 OR lines STREQUAL "")
    message(FATAL_ERROR "${program} failed: ${result}")
  endif()
  string(MD5 hash "${lines}")
  message(STATUS "${hash}  ${program}")
  if(expected STREQUAL "")
    set(expected "${lines}")
  endif()

  set(wanted "${expected}")
  if(program IN_LIST flushing)
    string(REGEX REPLACE "[^\n]*denormal[^\n]*\n" "" wanted "${wanted}")
    string(REGEX REPLACE "[^\n]*denormal[^\n]*\n" "" lines "${lines}")
  endif()
  if(NOT lines STREQUAL wanted)
    message(SEND_ERROR "${program} differs. It prints\n${lines}\nexpected\n${wanted}")
  endif()
endforeach()
