// The classes as cards: name, count, the newest pictures, and the ways to give it more.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/teach/teach.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr float kThumb = 48, kThumbGap = 4, kCardPad = 12, kCardGap = 12, kMarkSide = 32;
constexpr int kAlwaysWhole = 40;  // cards declared with all they hold, also out of sight

constexpr std::string_view kFolder = "Add a folder…";

// Each subfolder of the chosen folder is a class.
void FolderButton(TeachPanel& c, const Rect& r, bool words) {
  c.targets.push_back({.control = c.ui.Id("folder")});
  if (c.ui.Button("folder", r, ButtonStyle::kSecondary, Icon::kFolder, words ? kFolder : "",
                  {.role = Role::kFolderButton, .description = "Each folder in it becomes a class", .name = kFolder})) {
    c.host.PickFiles(Pick::kFolder);
  }
}

// An icon in a circle, words and the two ways to begin, for a list that is still empty. Returns the height.
float DrawFirst(TeachPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  constexpr float kIconBox = 56;
  constexpr std::string_view kTitle = "Make your first class", kAdd = "Add a class";
  constexpr std::string_view kWhy =
      "A class is one of the things to tell apart: a fist and an open hand, say. You need at least two.";
  const float inner = width - 2 * kPadLarge;
  const auto lines = static_cast<float>(p.Lines(inner, Font::kBody, kWhy).size());
  const bool example = c.host.HasExample();
  const float height = 2 * kPadLarge + kIconBox + kPad + 30 + 4 + lines * 22 + 20 + kControlHeight +
                       (example ? kGap + kControlHeight : 0);
  const Rect card{at.x, at.y, width, height};
  p.Fill(card, p.Of(Token::kSurface), kRadius);
  p.Dashes(card, p.Of(Token::kControl), kRadius);
  const Rect box{card.center_x() - kIconBox / 2, at.y + kPadLarge, kIconBox, kIconBox};
  p.Fill(box, p.Of(Token::kAccentSoft), kIconBox / 2);
  p.DrawIcon(Icon::kPlus, box.Inset(15), p.Of(Token::kAccentText));
  Column col(ui, {card.x + kPadLarge, box.bottom() + kPad}, inner);
  const float title = p.Width(Font::kTitle, kTitle);
  ui.Label("first", {card.center_x() - title / 2, col.y()}, Font::kTitle, Token::kText, kTitle, inner, Role::kHeading,
           3);
  col.Gap(34);
  ui.Leaf("why", {.role = Role::kText, .name = std::string(kWhy)}, {col.x(), col.y(), inner, lines * 22});
  for (const std::string_view line : p.Lines(inner, Font::kBody, kWhy)) {
    p.TextIn(col.Take(22), Font::kBody, p.Of(Token::kTextMuted), line, Align::kCenter);
  }
  const float y = col.y() + 20;
  const float button = ui.ButtonWidth(Icon::kPlus, kAdd);
  const float folder = c.host.CanPickFiles() ? ui.ButtonWidth(Icon::kFolder, kFolder) : 0;
  const float row = button + (folder > 0 ? kGap + folder : 0);
  const float left = card.center_x() - row / 2;
  if (ui.Button("add", {left, y, button, kControlHeight}, ButtonStyle::kPrimary, Icon::kPlus, kAdd))
    c.teach.classes.Add();
  if (folder > 0) FolderButton(c, {left + button + kGap, y, folder, kControlHeight}, true);
  const float example_width = ui.ButtonWidth(Icon::kPicture, kOpenExample);
  if (example)
    ExampleButton(c, {card.center_x() - example_width / 2, y + kControlHeight + kGap, example_width, kControlHeight},
                  ButtonStyle::kQuiet, !c.teach.imports.under_way().empty());
  return height;
}

// The newest pictures of a class; a press opens them all.
void DrawStrip(TeachPanel& c, const Rect& r, const schema::ClassInfo& info, const std::vector<int64_t>& ids) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const AccessId id = ui.Id("gallery");
  const std::string name = "Pictures of " + info.name;
  const bool open = c.teach.selection.gallery() == info.id;
  const Ui::Press press = ui.Interact(id, r);
  if (press.clicked) c.teach.selection.OpenGallery(open ? 0 : info.id);
  const auto places = static_cast<size_t>((r.w + kThumbGap) / (kThumb + kThumbGap));
  const bool more = ids.size() > places;
  const size_t shown = more ? places - 1 : ids.size();
  float x = r.x;
  for (size_t i = 0; i < shown && ui.Visible(r); ++i) {
    const int64_t sample = ids[ids.size() - 1 - i];
    const Rect box{x, r.y, kThumb, kThumb};
    const Pixels* pixels = c.teach.thumbnails.Find(sample);
    const TextureId texture = pixels == nullptr ? 0 : c.textures.Get(kSampleTextures + sample, 0, *pixels);
    if (texture != 0) p.Picture(texture, box, 6);
    else p.Fill(box, p.Of(Token::kTrack), 6);
    x += kThumb + kThumbGap;
  }
  if (more) {
    const Rect box{x, r.y, kThumb, kThumb};
    p.Fill(box, p.Of(press.hovered ? Token::kHover : Token::kTrack), 6);
    const size_t rest = ids.size() - shown;
    p.TextIn(box, Font::kSmallStrong, p.Of(Token::kTextMuted),
             rest > 999 ? Format("+%zuk", rest / 1000) : Format("+%zu", rest), Align::kCenter);
  }
  if (press.hovered || open)
    p.Stroke({r.x - 3, r.y - 3, r.w + 6, r.h + 6}, p.Of(open ? Token::kAccentText : Token::kControl), 9, open ? 2 : 1);
  ui.FocusRing(id, r);
  ui.Open(id,
          {.role = Role::kButton,
           .name = name,
           .description = "Look at all " + Count(static_cast<int64_t>(ids.size()), "picture", "pictures"),
           .state = static_cast<uint16_t>(open ? kSelected : 0)},
          r);
  ui.Close();
}

// A digit in a box, as on the key.
void DrawKey(TeachPanel& c, const Rect& r, std::string_view text) {
  Painter& p = c.ui.paint;
  p.Stroke(r, p.Of(Token::kHairline), 5);
  p.TextIn(r, Font::kSmall, p.Of(Token::kTextMuted), text, Align::kCenter);
}

std::string RecordLabel(const TeachPanel& c, int64_t class_id) {
  const CameraModel& camera = c.teach.camera;
  if (camera.recording_class() == class_id) {
    switch (camera.recording()) {
      case Recording::kWaitingForCamera: return "Camera starts …";
      case Recording::kCountdown: return Format("In %.0f …", std::ceil(camera.seconds_left()));
      case Recording::kBurst:
        return camera.burst().by_seconds ? Format("Recording, %.0f s left", std::ceil(camera.seconds_left()))
                                         : Format("Recording, %d of %d", camera.recorded(), camera.burst().pictures);
      case Recording::kHold: return Count(camera.recorded(), "picture", "pictures");
      case Recording::kSingle:
      case Recording::kNone: break;
    }
  }
  return "Hold to record";
}

float DrawCard(TeachPanel& c, Vec2 at, float width, const schema::ClassInfo& info, int index) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const std::vector<int64_t>& ids = c.teach.samples.Of(info.id);
  const bool chosen = c.teach.classes.chosen() == info.id;
  const bool recording = c.teach.camera.recording_class() == info.id && c.teach.camera.recording() != Recording::kNone;
  const float inner = width - 2 * kCardPad;
  const bool has_strip = !ids.empty();
  const float height = kCardPad + 36 + kGap + (has_strip ? kThumb + kGap + 4 : 0) + kControlHeight + kCardPad;
  const Rect card{at.x, at.y, width, height};
  ui.Open(ui.Id(info.id), {.role = Role::kListItem, .description = info.name}, card);
  if (!ui.Visible(card) && !recording && index >= kAlwaysWhole) {
    ui.Leaf("name-only", {.role = Role::kText, .name = info.name}, {at.x, at.y, width, 36});
    ui.Close();
    return height;
  }
  const bool aimed = c.drop_active && card.Contains(c.drop_at);
  p.Fill(card, p.Of(aimed ? Token::kAccentSoft : Token::kSurface), kRadius);
  p.Stroke(card,
           p.Of(aimed       ? Token::kAccentText
                : recording ? Token::kErrorText
                            : Token::kHairline),
           kRadius, aimed || recording ? 2 : 1);
  c.targets.push_back({.rect = card, .class_id = info.id});

  Column col(ui, {at.x + kCardPad, at.y + kCardPad}, inner);
  const float x = col.x(), y = col.y();
  const float right = at.x + width - kCardPad;
  // Row 1: mark, name, count, menu.
  const ClassMark mark = MarkOf(c, info.id);
  const AccessId palette = ui.Id("color");
  const float mark_width = std::max(kMarkSide, p.Width(Font::kBodyStrong, mark.letters) + 12);
  const Rect mark_rect{x, y + 2, mark_width, kMarkSide};
  if (ui.Interact(palette, mark_rect).clicked) c.overlay.Show(Overlay::Kind::kPalette, info.id, mark_rect);
  DrawMark(c.ui.paint, {x, y + 2}, kMarkSide, mark);
  ui.FocusRing(palette, mark_rect, 7);
  ui.Open(palette, {.role = Role::kButton, .name = "Colour of " + info.name, .description = "Choose another colour"},
          mark_rect);
  ui.Close();

  const Rect menu{right - 36, y, 36, 36};
  const std::string count = info.enabled ? std::to_string(ids.size()) : "left out";
  const float count_width = p.Width(Font::kBodyStrong, count);
  const float key_width = index < 9 && c.wide ? 22 + kGap : 0;
  const Rect name{x + mark_width + 6, y, menu.x - 4 - count_width - 10 - key_width - (x + mark_width + 6), 36};
  const Typed typed = ui.TextField("name", name, "Name of class " + mark.letters, info.name,
                                   {.placeholder = "Name",
                                    .take_focus = c.teach.classes.naming() == info.id,
                                    .quiet = true,
                                    .font = Font::kBodyStrong});
  if (typed.committed) c.teach.classes.Rename(info.id, typed.text);
  if (key_width > 0) DrawKey(c, {name.right() + 2, y + 7, 22, 22}, std::to_string(index + 1));
  p.TextIn({menu.x - 4 - count_width - 2, y, count_width + 2, 36}, Font::kBodyStrong,
           p.Of(info.enabled && !ids.empty() ? Token::kText : Token::kTextMuted), count, Align::kRight);
  ui.Leaf("count",
          {.role = Role::kText,
           .name = Count(static_cast<int64_t>(ids.size()), "picture", "pictures") +
                   (info.enabled ? "" : ", left out of training")},
          {menu.x - 4 - count_width, y, count_width, 36});
  if (ui.IconButton("menu", menu, Icon::kMore, "More for " + info.name))
    c.overlay.Show(Overlay::Kind::kClassMenu, info.id, menu);
  col.Gap(36 + kGap);

  if (has_strip) DrawStrip(c, col.Take(kThumb, kGap + 4), info, ids);

  // Row 3: record, timer, files.
  const bool can_pick = c.host.CanPickFiles();
  constexpr std::string_view kAdd = "Add pictures";
  const float add_width = ui.ButtonWidth(Icon::kPicture, kAdd);
  const bool words = inner >= add_width + kGap + kControlHeight + kGap + 180;
  const float add = can_pick ? (words ? add_width : kControlHeight) + kGap : 0;
  const Rect record = col.TakeLeft(inner - add - kControlHeight - kGap, kControlHeight);
  const bool other = c.teach.camera.recording() != Recording::kNone && !recording;
  const bool timed = recording && (c.teach.camera.recording() == Recording::kCountdown ||
                                   c.teach.camera.recording() == Recording::kBurst);
  const std::string label = RecordLabel(c, info.id);
  if (timed) {
    if (ui.Button("stop", record, ButtonStyle::kPrimary, Icon::kStop, label, {.name = "Stop recording " + info.name}))
      c.teach.camera.StopRecording();
  } else {
    const bool down = ui.HoldButton(
        "record", record, chosen || recording ? ButtonStyle::kPrimary : ButtonStyle::kSecondary, Icon::kRecord, label,
        {.state = static_cast<uint16_t>(other ? kDisabled : 0),
         .description = "Pictures are taken while this is held down",
         .name = "Hold to record " + info.name});
    if (down) c.teach.classes.Choose(info.id);
    c.teach.camera.Hold(info.id, down);
  }
  const Rect timer{record.right() + kGap, record.y, kControlHeight, kControlHeight};
  if (ui.Button("timer", timer, ButtonStyle::kSecondary, Icon::kTimer, "",
                {.state = static_cast<uint16_t>(c.teach.camera.recording() != Recording::kNone ? kDisabled : 0),
                 .description = "Record by itself, after a countdown",
                 .name = "Timer for " + info.name})) {
    c.teach.classes.Choose(info.id);
    c.overlay.Show(Overlay::Kind::kBurst, info.id, timer);
  }
  if (can_pick) {
    const Rect files{timer.right() + kGap, record.y, add - kGap, kControlHeight};
    c.targets.push_back({.control = ui.Id("files"), .class_id = info.id});
    if (ui.Button("files", files, ButtonStyle::kSecondary, Icon::kPicture, words ? kAdd : "",
                  {.role = Role::kFileButton,
                   .description = "Pictures, a video, or a zip of pictures",
                   .name = "Add pictures to " + info.name,
                   .accept = "image/*,video/*,.zip,.tm"})) {
      c.host.PickFiles(Pick::kPictures);
    }
  }
  ui.Close();
  return height;
}

// What is on its way into the classes. Returns the height.
float DrawComing(TeachPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  Column col(ui, at, width);
  const auto row = [&](std::string_view key, const std::string& name, const std::string& value, double part) {
    const Rect words = col.Take(18, 4);
    p.Text({words.x, words.y}, Font::kSmall, p.Of(Token::kTextMuted), name,
           width - p.Width(Font::kSmall, value) - kPad);
    p.TextIn(words, Font::kSmall, p.Of(Token::kTextMuted), value, Align::kRight);
    ui.Progress(key, col.Take(6, 12), part, name, value);
  };
  if (const Adding& adding = c.teach.intake.adding();
      adding.active() && (adding.total > 3 || c.teach.videos.playing())) {
    const int64_t done = adding.done + adding.failed;
    row("adding", "Adding pictures",
        Format("%lld of %lld", static_cast<long long>(done), static_cast<long long>(adding.total)),
        static_cast<double>(done) / static_cast<double>(adding.total));
  }
  for (const Import& import : c.teach.imports.under_way()) {
    row(std::to_string(import.id), "Reading " + BaseName(import.file.name),
        import.total > 0
            ? Format("%lld of %lld", static_cast<long long>(import.done), static_cast<long long>(import.total))
            : "",
        import.total > 0 ? static_cast<double>(import.done) / static_cast<double>(import.total) : -1);
  }
  if (c.teach.videos.playing()) {
    row("video", "Taking pictures from " + c.teach.videos.name(),
        c.teach.videos.part() >= 0 ? Format("%.0f %%", c.teach.videos.part() * 100) : "", c.teach.videos.part());
  }
  return col.height();
}

}  // namespace

float DrawClasses(TeachPanel& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  Column col(ui, top_left, width);
  col.Add(DrawComing(c, top_left, width));
  const std::vector<schema::ClassInfo>& classes = c.teach.classes.all();
  if (classes.empty()) return col.height() + DrawFirst(c, col.at(), width);

  List list(ui, "class-list", "Classes to teach", col);
  for (size_t i = 0; i < classes.size(); ++i)
    col.Add(DrawCard(c, col.at(), width, classes[i], static_cast<int>(i)), kCardGap);
  list.End(col);

  const bool few = classes.size() < 2;
  constexpr float kAddHeight = kControlHeight + 8;
  const bool can_pick = c.host.CanPickFiles();
  const float add = width - (can_pick ? kAddHeight + kGap : 0);
  const Rect row = col.Take(kAddHeight);
  if (ui.Button("add", {row.x, row.y, add, kAddHeight}, few ? ButtonStyle::kPrimary : ButtonStyle::kSecondary,
                Icon::kPlus, few ? "Add a second class" : "Add a class")) {
    c.teach.classes.Add();
  }
  if (can_pick) FolderButton(c, {row.x + add + kGap, row.y, kAddHeight, kAddHeight}, false);
  if (const schema::ClassInfo* shorter = c.teach.samples.Short(c.teach.classes.all())) {
    col.Gap(12);
    const std::string name =
        shorter->name.size() > 40 ? "Class " + MarkOf(c, shorter->id).letters : "“" + shorter->name + "”";
    col.Paragraph("balance", Font::kSmall, Token::kTextMuted,
                  name + " has far fewer pictures than the largest class. Give it more, so that none is preferred.",
                  Role::kStatus);
  }
  return col.height();
}

}  // namespace handful::ui
