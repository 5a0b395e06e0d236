// SPDX-License-Identifier: MIT
// The one unit that holds the code of stb_image_write.
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>
