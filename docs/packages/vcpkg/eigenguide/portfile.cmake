# An overlay port, which packages the tree that it stands in:
#   vcpkg install eigenguide --overlay-ports=<eigenguide>/docs/packages/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS options FEATURES c EIGENGUIDE_C)
if(NOT "c" IN_LIST FEATURES)
  set(VCPKG_BUILD_TYPE release)  # headers
endif()
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS ${options} -DEIGENGUIDE_TESTS=OFF -DEIGENGUIDE_EXAMPLES=OFF)
vcpkg_cmake_install()
if("c" IN_LIST FEATURES)
  vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/eigenguide)
else()
  vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/eigenguide)
endif()
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share"
  "${CURRENT_PACKAGES_DIR}/share/cmake" "${CURRENT_PACKAGES_DIR}/share/doc")
if(NOT "c" IN_LIST FEATURES)
  file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug" "${CURRENT_PACKAGES_DIR}/lib")
endif()

vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
