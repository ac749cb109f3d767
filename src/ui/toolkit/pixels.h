// Small work on pictures that are only looked at; numbers for networks come from src/image alone.
#pragma once

#include "ui/toolkit/screen.h"

namespace handful::ui {

// The same picture with its longer side at most `side`, each pixel the mean of those it covers.
Pixels Shrink(const Pixels& picture, int side);

}  // namespace handful::ui
