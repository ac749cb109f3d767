// Line drawings on a 24 × 24 grid.
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "imgui.h"
#include "ui/toolkit/paint.h"

namespace handful::ui {

void Painter::DrawIcon(Icon icon, const Rect& r, Color color) {
  const float scale = r.w / 24 * dpr_;
  const float ox = std::round(r.x * dpr_), oy = std::round(r.y * dpr_);
  const float width = std::max(1.0F, 1.75F * scale);
  const ImU32 ink = IM_COL32(color.r, color.g, color.b, color.a);
  const auto at = [&](float x, float y) { return ImVec2(ox + x * scale, oy + y * scale); };
  const auto path = [&](std::initializer_list<ImVec2> points, bool closed = false) {
    for (const ImVec2& p : points) list_->PathLineTo(p);
    list_->PathStroke(ink, closed ? ImDrawFlags_Closed : 0, width);
  };
  const auto ring = [&](float x, float y, float radius) { list_->AddCircle(at(x, y), radius * scale, ink, 0, width); };
  const auto dot = [&](float x, float y, float radius) { list_->AddCircleFilled(at(x, y), radius * scale, ink); };
  const auto box = [&](float x0, float y0, float x1, float y1, float radius) {
    list_->AddRect(at(x0, y0), at(x1, y1), ink, radius * scale, 0, width);
  };
  constexpr float kPi = 3.14159265F;
  switch (icon) {
    case Icon::kNone: break;
    case Icon::kLock:
      box(5, 11, 19, 20, 2);
      list_->PathLineTo(at(8, 11));
      list_->PathArcTo(at(12, 8), 4 * scale, kPi, 2 * kPi);
      list_->PathLineTo(at(16, 11));
      list_->PathStroke(ink, 0, width);
      break;
    case Icon::kSun:
      ring(12, 12, 4);
      for (int i = 0; i < 8; ++i) {
        const float c = std::cos(kPi / 4 * static_cast<float>(i)), s = std::sin(kPi / 4 * static_cast<float>(i));
        path({at(12 + 7 * c, 12 + 7 * s), at(12 + 9 * c, 12 + 9 * s)});
      }
      break;
    case Icon::kMoon:
      // A disc of radius 8 without a disc of radius 6.5 to its upper right.
      list_->PathArcTo(at(11, 13), 8 * scale, -0.05F * kPi, 1.45F * kPi);
      list_->PathArcTo(at(14.6F, 9.4F), 6 * scale, 1.13F * kPi, 0.37F * kPi);
      list_->PathStroke(ink, ImDrawFlags_Closed, width);
      break;
    case Icon::kInfo:
      ring(12, 12, 9);
      path({at(12, 11), at(12, 16.5F)});
      dot(12, 7.8F, 1.2F);
      break;
    case Icon::kUpload:
      path({at(12, 16), at(12, 4.5F)});
      path({at(7, 9), at(12, 4), at(17, 9)});
      path({at(4, 15.5F), at(4, 20), at(20, 20), at(20, 15.5F)});
      break;
    case Icon::kDownload:
      path({at(12, 4), at(12, 15.5F)});
      path({at(7, 11), at(12, 16), at(17, 11)});
      path({at(4, 15.5F), at(4, 20), at(20, 20), at(20, 15.5F)});
      break;
    case Icon::kPicture:
      box(3, 4, 21, 20, 2.5F);
      ring(8.5F, 9.5F, 1.7F);
      path({at(3.5F, 18), at(9, 13.5F), at(12, 16), at(16, 11.5F), at(20.5F, 16)});
      break;
    case Icon::kFolder: path({at(3, 19.5F), at(3, 5), at(9, 5), at(11.5F, 8), at(21, 8), at(21, 19.5F)}, true); break;
    case Icon::kClose:
      path({at(6, 6), at(18, 18)});
      path({at(18, 6), at(6, 18)});
      break;
    case Icon::kWarning:
      path({at(12, 3.5F), at(21.5F, 20), at(2.5F, 20)}, true);
      path({at(12, 9.5F), at(12, 14)});
      dot(12, 16.9F, 1.2F);
      break;
    case Icon::kError:
      ring(12, 12, 9);
      path({at(12, 7), at(12, 13)});
      dot(12, 16.3F, 1.2F);
      break;
    case Icon::kTrash:
      path({at(4, 6.5F), at(20, 6.5F)});
      path({at(9, 6.5F), at(9, 3.5F), at(15, 3.5F), at(15, 6.5F)});
      path({at(6, 6.5F), at(7, 20.5F), at(17, 20.5F), at(18, 6.5F)});
      break;
    case Icon::kChevronDown: path({at(6, 9), at(12, 15), at(18, 9)}); break;
    case Icon::kChevronUp: path({at(6, 15), at(12, 9), at(18, 15)}); break;
    case Icon::kSort:
      path({at(8, 10), at(12, 6), at(16, 10)});
      path({at(8, 14), at(12, 18), at(16, 14)});
      break;
    case Icon::kCrop:
      path({at(6, 2), at(6, 18), at(22, 18)});
      path({at(2, 6), at(18, 6), at(18, 22)});
      break;
    case Icon::kFit:
      box(3, 3, 21, 21, 2.5F);
      box(3, 8, 21, 16, 0);
      break;
    case Icon::kCheck: path({at(5, 12.5F), at(10, 17.5F), at(19.5F, 7)}); break;
    case Icon::kPlus:
      path({at(12, 5), at(12, 19)});
      path({at(5, 12), at(19, 12)});
      break;
    case Icon::kMore:
      dot(5.5F, 12, 1.6F);
      dot(12, 12, 1.6F);
      dot(18.5F, 12, 1.6F);
      break;
    case Icon::kCamera:
      path({at(3, 19.5F), at(3, 8), at(7.5F, 8), at(9.5F, 5), at(14.5F, 5), at(16.5F, 8), at(21, 8), at(21, 19.5F)},
           true);
      ring(12, 13.5F, 3.6F);
      break;
    case Icon::kRecord:
      ring(12, 12, 9);
      dot(12, 12, 5);
      break;
    case Icon::kTimer:
      ring(12, 13.5F, 7.5F);
      path({at(12, 9.5F), at(12, 13.5F), at(14.8F, 15.2F)});
      path({at(9.5F, 3), at(14.5F, 3)});
      break;
    case Icon::kUndo:
      path({at(9, 4.5F), at(4.5F, 9), at(9, 13.5F)});
      list_->PathLineTo(at(4.5F, 9));
      list_->PathArcTo(at(14, 14.2F), 5.2F * scale, -kPi / 2, kPi / 2);
      list_->PathLineTo(at(9, 19.4F));
      list_->PathStroke(ink, 0, width);
      break;
    case Icon::kRedo:
      path({at(15, 4.5F), at(19.5F, 9), at(15, 13.5F)});
      list_->PathLineTo(at(19.5F, 9));
      list_->PathArcTo(at(10, 14.2F), 5.2F * scale, -kPi / 2, -kPi * 1.5F);
      list_->PathLineTo(at(15, 19.4F));
      list_->PathStroke(ink, 0, width);
      break;
    case Icon::kKeyboard:
      box(2.5F, 5.5F, 21.5F, 18.5F, 2);
      for (int i = 0; i < 4; ++i) dot(6.3F + 3.8F * static_cast<float>(i), 9.7F, 1);
      path({at(8, 14.6F), at(16, 14.6F)});
      break;
    case Icon::kBack:
      path({at(11, 5), at(4, 12), at(11, 19)});
      path({at(4, 12), at(20, 12)});
      break;
    case Icon::kMove:
      path({at(3.5F, 12), at(15, 12)});
      path({at(10.5F, 7), at(15.5F, 12), at(10.5F, 17)});
      path({at(20, 4.5F), at(20, 19.5F)});
      break;
    case Icon::kMerge:
      path({at(5, 3.5F), at(5, 7), at(12, 13), at(12, 20)});
      path({at(19, 3.5F), at(19, 7), at(12, 13)});
      path({at(8, 16.5F), at(12, 20.5F), at(16, 16.5F)});
      break;
    case Icon::kEye:
    case Icon::kEyeOff:
      path({at(2, 12), at(5.5F, 8), at(9, 6.2F), at(12, 5.8F), at(15, 6.2F), at(18.5F, 8), at(22, 12), at(18.5F, 16),
            at(15, 17.8F), at(12, 18.2F), at(9, 17.8F), at(5.5F, 16)},
           true);
      ring(12, 12, 2.8F);
      if (icon == Icon::kEyeOff) path({at(4, 20), at(20, 4)});
      break;
    case Icon::kCopy:
      box(8, 8, 20.5F, 20.5F, 2);
      path({at(4, 15.5F), at(4, 4), at(15.5F, 4)});
      break;
    case Icon::kVideo:
      box(2.5F, 6, 16, 18, 2);
      path({at(16, 10.8F), at(21.5F, 7.5F), at(21.5F, 16.5F), at(16, 13.2F)});
      break;
    case Icon::kSwap:
      path({at(4, 9), at(19, 9)});
      path({at(15, 5), at(19.5F, 9), at(15, 13)});
      path({at(20, 15), at(5, 15)});
      path({at(9, 11), at(4.5F, 15), at(9, 19)});
      break;
    case Icon::kStop: box(6, 6, 18, 18, 1.5F); break;
    case Icon::kPlay: path({at(8, 5), at(19, 12), at(8, 19)}, true); break;
  }
  list_->PathClear();
}

}  // namespace handful::ui
