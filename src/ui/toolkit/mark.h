// How a class is shown wherever it is named: letters on its colour.
#pragma once

#include <string>

#include "ui/toolkit/paint.h"

namespace handful::ui {

struct ClassMark {
  std::string letters;  // "" for a class that nobody knows
  Color color;
};
// The letters on their colour. Returns the width taken.
float DrawMark(Painter& p, Vec2 top_left, float side, const ClassMark& mark);

}  // namespace handful::ui
