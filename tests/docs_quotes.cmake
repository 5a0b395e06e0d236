# Fails when a ```cpp, ```c or ```python block of a page, or of a comment in C
# whose lines start with " * ", is not, line for line, in a file that is compiled
# or run: docs quote code, they do not repeat it.
#   cmake -Dpages=... -Dsources=... -P docs_quotes.cmake
cmake_minimum_required(VERSION 3.25)

# Without the blanks that start a line and the brackets that CMake's lists
# would read.
function(normalised text result)
  string(REGEX REPLACE "\n[ \t]+" "\n" text "${text}")
  string(REPLACE "[" "<" text "${text}")
  string(REPLACE "]" ">" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

set(code "")
foreach(source IN LISTS sources)
  file(READ ${source} text)
  string(APPEND code "\n${text}")
endforeach()
normalised("${code}" code)

set(quotes 0)
foreach(page IN LISTS pages)
  file(READ ${page} rest)
  string(REGEX REPLACE "\n \\* ?" "\n" rest "${rest}")
  string(REGEX REPLACE "```(c|python)\n" "```cpp\n" rest "${rest}")
  while(TRUE)
    string(FIND "${rest}" "```cpp\n" begin)
    if(begin EQUAL -1)
      break()
    endif()
    math(EXPR begin "${begin} + 6")
    string(SUBSTRING "${rest}" ${begin} -1 rest)
    string(FIND "${rest}" "```" end)
    string(SUBSTRING "${rest}" 0 ${end} quote)
    math(EXPR end "${end} + 3")
    string(SUBSTRING "${rest}" ${end} -1 rest)

    normalised("${quote}" quote)
    string(FIND "${code}" "${quote}" found)
    if(found EQUAL -1)
      message(SEND_ERROR "${page}: no compiled file holds${quote}")
    endif()
    math(EXPR quotes "${quotes} + 1")
  endwhile()
endforeach()
if(quotes EQUAL 0)
  message(FATAL_ERROR "no quote was found: are `pages` right?")
endif()
message(STATUS "${quotes} quotes are compiled code")
