# SPDX-License-Identifier: MIT
# Packages the tree that it stands in:  conan create docs/packages/conan
import os
import re

from conan import ConanFile
from conan.tools.files import copy, load

required_conan_version = ">=2.0"


class EigenguideConan(ConanFile):
    name = "eigenguide"
    license = "MIT"
    description = "The guidance mathematics of diffusion samplers, header-only"
    topics = ("diffusion", "classifier-free-guidance", "header-only")
    package_type = "header-library"
    settings = "os", "compiler", "build_type", "arch"
    no_copy_source = True

    @property
    def _tree(self):
        return os.path.join(self.recipe_folder, "..", "..", "..")

    def set_version(self):
        header = load(self, os.path.join(self._tree, "include", "eigenguide", "version.hpp"))
        self.version = re.search(r"define EIGENGUIDE_VERSION (\S+)", header).group(1)

    def export_sources(self):
        for pattern in ("LICENSE", "include/*"):
            copy(self, pattern, src=self._tree, dst=self.export_sources_folder)

    def requirements(self):
        self.requires("eigen/[>=3.4 <6]", transitive_headers=True)

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        copy(self, "include/eigenguide/*", src=self.source_folder, dst=self.package_folder)

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "eigenguide")
        core = self.cpp_info.components["core"]
        whole = self.cpp_info.components["eigenguide"]
        for component in (core, whole):
            component.bindirs = []
            component.libdirs = []
        core.set_property("cmake_target_name", "eigenguide::core")
        core.set_property("pkg_config_name", "eigenguide-core")
        whole.set_property("cmake_target_name", "eigenguide::eigenguide")
        whole.set_property("pkg_config_name", "eigenguide")
        whole.requires = ["core", "eigen::eigen"]
