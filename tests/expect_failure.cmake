# Fails unless a program ends as it should and says so. WILL_FAIL is content
# with any failure, a missing file included, and PASS_REGULAR_EXPRESSION does
# not look at the exit code.
#   cmake "-Dcommand=PROGRAM;ARGUMENT;..." "-Dsentence=REGEX" [-Dexit=CODE] -P expect_failure.cmake
#
# sentence  what stderr must hold, or stdout where the exit code is to be 0
# exit      the exit code, or for a signal CMake's words ("Subprocess aborted");
#           by default any but 0

cmake_minimum_required(VERSION 3.25)
if(NOT command OR NOT sentence)
  message(FATAL_ERROR "`command` and `sentence` must be given")
endif()

execute_process(COMMAND ${command} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE error)
set(story "${command}\nended with: ${result}\nstdout: ${output}\nstderr: ${error}")

if(NOT DEFINED exit AND result STREQUAL "0")
  message(SEND_ERROR "Expected a failure.\n${story}")
elseif(DEFINED exit AND NOT result STREQUAL exit)
  message(SEND_ERROR "Expected to end with: ${exit}.\n${story}")
endif()

if(result STREQUAL "0")
  set(said "${output}")
else()
  set(said "${error}")
endif()
if(NOT said MATCHES "${sentence}")
  message(SEND_ERROR "Expected the words: ${sentence}\n${story}")
endif()
