// Earlier trainings.
#include "ui/panels/context.h"

namespace handful::ui {

float DrawTrainings(Context&, Vec2, float) { return 0; }

}  // namespace handful::ui
