// The Train card.
#include "ui/panels/context.h"

namespace handful::ui {

float DrawTrain(Context&, Vec2, float) { return 0; }

}  // namespace handful::ui
