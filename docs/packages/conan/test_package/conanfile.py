# SPDX-License-Identifier: MIT
# Builds and runs two samplers with the package; `conan create` does it.
import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, cmake_layout


class EigenguideTest(ConanFile):
    settings = "os", "compiler", "build_type", "arch"
    generators = "CMakeDeps", "CMakeToolchain"

    def requirements(self):
        self.requires(self.tested_reference_str)

    def layout(self):
        cmake_layout(self)

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def test(self):
        if can_run(self):
            for client in ("sampler", "core_sampler"):
                self.run(os.path.join(self.cpp.build.bindir, client), env="conanrun")
