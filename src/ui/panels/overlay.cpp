// Which dialog or popover is open.
#include "ui/panels/context.h"

namespace handful::ui {

void DrawOverlay(Context& c) {
  switch (c.overlay.kind) {
    case Overlay::Kind::kAbout: return DrawAbout(c);
    default: return;
  }
}

}  // namespace handful::ui
