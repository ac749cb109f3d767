#include "ui/panels/context.h"

namespace handful::ui {

float DrawCamera(Context&, Vec2, float) { return 0; }

}  // namespace handful::ui
