// Where everything stands: three steps beside each other, or as many as the window holds.
#pragma once

#include "ui/frame/panels.h"

namespace handful::ui {

inline constexpr float kThreeColumnsFrom = 1200, kTwoColumnsFrom = 760;  // CSS px

enum class Step { kShow, kTrain, kTry };

// Draws the page below and with its header. `step` is the one in view where not all are.
void DrawPage(FramePanel& c, Step& step);

}  // namespace handful::ui
