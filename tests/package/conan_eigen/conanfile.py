# SPDX-License-Identifier: MIT
# This machine's Eigen, in the folder EIGEN, as the package that Conan Center
# has: a test must not need a server.
import os

from conan import ConanFile


class EigenConan(ConanFile):
    name = "eigen"
    version = "3.4.0"
    package_type = "header-library"

    def package_info(self):
        self.cpp_info.includedirs = [os.environ["EIGEN"]]
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "Eigen3")
        self.cpp_info.set_property("cmake_target_name", "Eigen3::Eigen")
        self.cpp_info.set_property("pkg_config_name", "eigen3")
