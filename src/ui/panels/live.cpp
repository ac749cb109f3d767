// The live answer.
#include "ui/panels/context.h"

namespace handful::ui {

float DrawLive(Context&, Vec2, float) { return 0; }

}  // namespace handful::ui
