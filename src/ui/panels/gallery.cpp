#include "ui/panels/context.h"

namespace handful::ui {

void DrawGallery(Context&, const Rect&) {}

}  // namespace handful::ui
