# find_package(eigenguide)                    eigenguide::eigenguide and eigenguide::core; finds Eigen
# find_package(eigenguide COMPONENTS core)    eigenguide::core; needs no Eigen
# find_package(eigenguide COMPONENTS c)       eigenguide::c, where the C library was installed
include(CMakeFindDependencyMacro)
if(NOT eigenguide_FIND_COMPONENTS)
  set(eigenguide_FIND_COMPONENTS eigenguide)
  set(eigenguide_FIND_REQUIRED_eigenguide TRUE)
endif()

include(${CMAKE_CURRENT_LIST_DIR}/eigenguide-core-targets.cmake)
set(eigenguide_core_FOUND TRUE)
if("eigenguide" IN_LIST eigenguide_FIND_COMPONENTS)
  if(NOT TARGET Eigen3::Eigen)
    find_dependency(Eigen3 NO_MODULE)
  endif()
  include(${CMAKE_CURRENT_LIST_DIR}/eigenguide-targets.cmake)
  set(eigenguide_eigenguide_FOUND TRUE)
endif()
if("c" IN_LIST eigenguide_FIND_COMPONENTS AND EXISTS ${CMAKE_CURRENT_LIST_DIR}/eigenguide-c-targets.cmake)
  include(${CMAKE_CURRENT_LIST_DIR}/eigenguide-c-targets.cmake)
  set(eigenguide_c_FOUND TRUE)
endif()

foreach(component IN LISTS eigenguide_FIND_COMPONENTS)
  if(eigenguide_FIND_REQUIRED_${component} AND NOT eigenguide_${component}_FOUND)
    set(eigenguide_FOUND FALSE)
    set(eigenguide_NOT_FOUND_MESSAGE "this eigenguide has no component '${component}'; the C library is built with EIGENGUIDE_C")
  endif()
endforeach()
