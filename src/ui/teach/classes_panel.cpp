// The classes as cards: name, count, the newest pictures, and the ways to give it more.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/frame/context.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

constexpr float kThumb = 48, kThumbGap = 4, kCardPad = 12, kCardGap = 12, kMarkSide = 32;
constexpr int kAlwaysWhole = 40;  // cards declared with all they hold, also out of sight

constexpr std::string_view kFolder = "Add a folder…";

// Each subfolder of the chosen folder is a class.
void FolderButton(Context& c, const Rect& r, bool words) {
  c.targets.push_back({.control = c.ui.Id("folder")});
  if (c.ui.Button("folder", r, ButtonStyle::kSecondary, Icon::kFolder, words ? kFolder : "",
                  {.role = Role::kFolderButton, .description = "Each folder in it becomes a class", .name = kFolder})) {
    c.host.PickFiles(Pick::kFolder);
  }
}

// An icon in a circle, words and the two ways to begin, for a list that is still empty. Returns the height.
float DrawFirst(Context& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  constexpr float kIconBox = 56;
  constexpr std::string_view kTitle = "Make your first class", kAdd = "Add a class";
  constexpr std::string_view kWhy = "A class is one of the things to tell apart: a fist and an open hand, say. You need at least two.";
  const float inner = width - 2 * kPadLarge;
  const auto lines = static_cast<float>(p.Lines(inner, Font::kBody, kWhy).size());
  const bool example = c.host.HasExample();
  const float height = 2 * kPadLarge + kIconBox + kPad + 30 + 4 + lines * 22 + 20 + kControlHeight + (example ? kGap + kControlHeight : 0);
  const Rect card{at.x, at.y, width, height};
  p.Fill(card, p.Of(Token::kSurface), kRadius);
  p.Dashes(card, p.Of(Token::kControl), kRadius);
  const Rect box{card.center_x() - kIconBox / 2, at.y + kPadLarge, kIconBox, kIconBox};
  p.Fill(box, p.Of(Token::kAccentSoft), kIconBox / 2);
  p.DrawIcon(Icon::kPlus, box.Inset(15), p.Of(Token::kAccentText));
  float y = box.bottom() + kPad;
  const float title = p.Width(Font::kTitle, kTitle);
  ui.Label("first", {card.center_x() - title / 2, y}, Font::kTitle, Token::kText, kTitle, inner, Role::kHeading, 3);
  y += 34;
  const float x = card.x + kPadLarge;
  float line_y = y;
  for (const std::string_view line : p.Lines(inner, Font::kBody, kWhy)) {
    p.TextIn({x, line_y, inner, 22}, Font::kBody, p.Of(Token::kTextMuted), line, Align::kCenter);
    line_y += 22;
  }
  ui.Leaf("why", {.role = Role::kText, .name = std::string(kWhy)}, {x, y, inner, line_y - y});
  y = line_y + 20;
  const float button = ui.ButtonWidth(Icon::kPlus, kAdd);
  const float folder = c.host.CanPickFiles() ? ui.ButtonWidth(Icon::kFolder, kFolder) : 0;
  const float row = button + (folder > 0 ? kGap + folder : 0);
  const float left = card.center_x() - row / 2;
  if (ui.Button("add", {left, y, button, kControlHeight}, ButtonStyle::kPrimary, Icon::kPlus, kAdd)) c.project.AddClass();
  if (folder > 0) FolderButton(c, {left + button + kGap, y, folder, kControlHeight}, true);
  const float example_width = ui.ButtonWidth(Icon::kPicture, kOpenExample);
  if (example) ExampleButton(c, {card.center_x() - example_width / 2, y + kControlHeight + kGap, example_width, kControlHeight}, ButtonStyle::kQuiet);
  return height;
}

// The project is somebody else's at the moment. Returns the height.
float DrawElsewhere(Context& c, Vec2 at, float width, const std::string& title, std::string_view text, const std::string& project_id) {
  Ui& ui = c.ui;
  const float inner = width - 2 * kPadLarge;
  const AccessId id = ui.Id("elsewhere");
  const Rect card{at.x, at.y, width, ui.HeightOf(id)};
  ui.Card(card);
  float y = at.y + kPadLarge;
  y += ui.Paragraph("elsewhere-title", {at.x + kPadLarge, y}, inner, Font::kTitle, Token::kText, title, Role::kHeading, 3) + 4;
  y += ui.Paragraph("elsewhere-text", {at.x + kPadLarge, y}, inner, Font::kBody, Token::kTextMuted, text, Role::kStatus) + kPad;
  constexpr std::string_view kHere = "Use it here", kOther = "Other projects…";
  const float here = ui.ButtonWidth(Icon::kNone, kHere), other = ui.ButtonWidth(Icon::kNone, kOther);
  if (ui.Button("here", {at.x + kPadLarge, y, here, kControlHeight}, ButtonStyle::kPrimary, Icon::kNone, kHere)) c.project.OpenProject(project_id, true);
  if (ui.Button("others", {at.x + kPadLarge + here + kGap, y, other, kControlHeight}, ButtonStyle::kQuiet, Icon::kNone, kOther)) {
    c.overlay.Show(Overlay::Kind::kProjects);
    c.project.ListProjects();
  }
  y += kControlHeight + kPadLarge;
  ui.SetHeightOf(id, y - at.y);
  return y - at.y;
}

// The newest pictures of a class; a press opens them all. Returns the height.
float DrawStrip(Context& c, const Rect& r, const schema::ClassInfo& info, const std::vector<int64_t>& ids) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  const AccessId id = ui.Id("gallery");
  const std::string name = "Pictures of " + info.name;
  const bool open = c.project.gallery() == info.id;
  const Ui::Press press = ui.Interact(id, r);
  if (press.clicked) c.project.OpenGallery(open ? 0 : info.id);
  const auto places = static_cast<size_t>((r.w + kThumbGap) / (kThumb + kThumbGap));
  const bool more = ids.size() > places;
  const size_t shown = more ? places - 1 : ids.size();
  float x = r.x;
  for (size_t i = 0; i < shown && ui.Visible(r); ++i) {
    const int64_t sample = ids[ids.size() - 1 - i];
    const Rect box{x, r.y, kThumb, kThumb};
    const Pixels* pixels = c.project.Thumbnail(sample);
    const TextureId texture = pixels == nullptr ? 0 : c.textures.Get(kSampleTextures + sample, 0, *pixels);
    if (texture != 0) p.Picture(texture, box, 6);
    else p.Fill(box, p.Of(Token::kTrack), 6);
    x += kThumb + kThumbGap;
  }
  if (more) {
    const Rect box{x, r.y, kThumb, kThumb};
    p.Fill(box, p.Of(press.hovered ? Token::kHover : Token::kTrack), 6);
    const size_t rest = ids.size() - shown;
    p.TextIn(box, Font::kSmallStrong, p.Of(Token::kTextMuted), rest > 999 ? Format("+%zuk", rest / 1000) : Format("+%zu", rest), Align::kCenter);
  }
  if (press.hovered || open) p.Stroke({r.x - 3, r.y - 3, r.w + 6, r.h + 6}, p.Of(open ? Token::kAccentText : Token::kControl), 9, open ? 2 : 1);
  ui.FocusRing(id, r);
  ui.Open(id, {.role = Role::kButton, .name = name, .description = "Look at all " + Count(static_cast<int64_t>(ids.size()), "picture", "pictures"),
               .state = static_cast<uint16_t>(open ? kSelected : 0)}, r);
  ui.Close();
  return r.h;
}

// A digit in a box, as on the key.
void DrawKey(Context& c, const Rect& r, std::string_view text) {
  Painter& p = c.ui.paint;
  p.Stroke(r, p.Of(Token::kHairline), 5);
  p.TextIn(r, Font::kSmall, p.Of(Token::kTextMuted), text, Align::kCenter);
}

std::string RecordLabel(const Context& c, int64_t class_id) {
  const CameraModel& camera = c.camera;
  if (camera.recording_class() == class_id) {
    switch (camera.recording()) {
      case Recording::kWaitingForCamera: return "Camera starts …";
      case Recording::kCountdown: return Format("In %.0f …", std::ceil(camera.seconds_left()));
      case Recording::kBurst: return camera.burst().by_seconds ? Format("Recording, %.0f s left", std::ceil(camera.seconds_left())) : Format("Recording, %d of %d", camera.recorded(), camera.burst().pictures);
      case Recording::kHold: return Count(camera.recorded(), "picture", "pictures");
      case Recording::kSingle:
      case Recording::kNone: break;
    }
  }
  return "Hold to record";
}

float DrawCard(Context& c, Vec2 at, float width, const schema::ClassInfo& info, int index) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  ProjectModel& project = c.project;
  const std::vector<int64_t>& ids = project.SamplesOf(info.id);
  const bool chosen = project.chosen() == info.id;
  const bool recording = c.camera.recording_class() == info.id && c.camera.recording() != Recording::kNone;
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
  p.Stroke(card, p.Of(aimed ? Token::kAccentText : recording ? Token::kErrorText : Token::kHairline), kRadius, aimed || recording ? 2 : 1);
  c.targets.push_back({.rect = card, .class_id = info.id});

  float x = at.x + kCardPad, y = at.y + kCardPad;
  const float right = at.x + width - kCardPad;
  // Row 1: mark, name, count, menu.
  const ClassMark mark = MarkOf(c, info.id);
  const AccessId palette = ui.Id("color");
  const float mark_width = std::max(kMarkSide, p.Width(Font::kBodyStrong, mark.letters) + 12);
  const Rect mark_rect{x, y + 2, mark_width, kMarkSide};
  if (ui.Interact(palette, mark_rect).clicked) c.overlay.Show(Overlay::Kind::kPalette, info.id, mark_rect);
  DrawMark(c, {x, y + 2}, kMarkSide, mark);
  ui.FocusRing(palette, mark_rect, 7);
  ui.Open(palette, {.role = Role::kButton, .name = "Colour of " + info.name, .description = "Choose another colour"}, mark_rect);
  ui.Close();

  const Rect menu{right - 36, y, 36, 36};
  const std::string count = info.enabled ? std::to_string(ids.size()) : "left out";
  const float count_width = p.Width(Font::kBodyStrong, count);
  const float key_width = index < 9 && c.wide ? 22 + kGap : 0;
  const Rect name{x + mark_width + 6, y, menu.x - 4 - count_width - 10 - key_width - (x + mark_width + 6), 36};
  const Typed typed = ui.TextField("name", name, "Name of class " + mark.letters, info.name, {.placeholder = "Name", .take_focus = project.naming() == info.id, .quiet = true, .font = Font::kBodyStrong});
  if (typed.committed) project.Rename(info.id, typed.text);
  if (key_width > 0) DrawKey(c, {name.right() + 2, y + 7, 22, 22}, std::to_string(index + 1));
  p.TextIn({menu.x - 4 - count_width - 2, y, count_width + 2, 36}, Font::kBodyStrong, p.Of(info.enabled && !ids.empty() ? Token::kText : Token::kTextMuted), count, Align::kRight);
  ui.Leaf("count", {.role = Role::kText, .name = Count(static_cast<int64_t>(ids.size()), "picture", "pictures") + (info.enabled ? "" : ", left out of training")},
          {menu.x - 4 - count_width, y, count_width, 36});
  if (ui.IconButton("menu", menu, Icon::kMore, "More for " + info.name)) c.overlay.Show(Overlay::Kind::kClassMenu, info.id, menu);
  y += 36 + kGap;

  if (has_strip) y += DrawStrip(c, {x, y, inner, kThumb}, info, ids) + kGap + 4;

  // Row 3: record, timer, files.
  const bool can_pick = c.host.CanPickFiles();
  constexpr std::string_view kAdd = "Add pictures";
  const float add_width = ui.ButtonWidth(Icon::kPicture, kAdd);
  const bool words = inner >= add_width + kGap + kControlHeight + kGap + 180;
  const float add = can_pick ? (words ? add_width : kControlHeight) + kGap : 0;
  const Rect record{x, y, inner - add - kControlHeight - kGap, kControlHeight};
  const bool other = c.camera.recording() != Recording::kNone && !recording;
  const bool timed = recording && (c.camera.recording() == Recording::kCountdown || c.camera.recording() == Recording::kBurst);
  const std::string label = RecordLabel(c, info.id);
  if (timed) {
    if (ui.Button("stop", record, ButtonStyle::kPrimary, Icon::kStop, label, {.name = "Stop recording " + info.name})) c.camera.StopRecording();
  } else {
    const bool down = ui.HoldButton("record", record, chosen || recording ? ButtonStyle::kPrimary : ButtonStyle::kSecondary, Icon::kRecord, label,
                                    {.state = static_cast<uint16_t>(other ? kDisabled : 0),
                                     .description = "Pictures are taken while this is held down",
                                     .name = "Hold to record " + info.name});
    if (down) project.Choose(info.id);
    c.camera.Hold(info.id, down);
  }
  const Rect timer{record.right() + kGap, y, kControlHeight, kControlHeight};
  if (ui.Button("timer", timer, ButtonStyle::kSecondary, Icon::kTimer, "", {.state = static_cast<uint16_t>(c.camera.recording() != Recording::kNone ? kDisabled : 0), .description = "Record by itself, after a countdown", .name = "Timer for " + info.name})) {
    project.Choose(info.id);
    c.overlay.Show(Overlay::Kind::kBurst, info.id, timer);
  }
  if (can_pick) {
    const Rect files{timer.right() + kGap, y, add - kGap, kControlHeight};
    c.targets.push_back({.control = ui.Id("files"), .class_id = info.id});
    if (ui.Button("files", files, ButtonStyle::kSecondary, Icon::kPicture, words ? kAdd : "",
                  {.role = Role::kFileButton, .description = "Pictures, a video, or a zip of pictures", .name = "Add pictures to " + info.name,
                   .accept = "image/*,video/*,.zip,.tm"})) {
      c.host.PickFiles(Pick::kPictures);
    }
  }
  ui.Close();
  return height;
}

// What is on its way into the classes. Returns the height.
float DrawComing(Context& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  float y = at.y;
  const auto row = [&](std::string_view key, const std::string& name, const std::string& value, double part) {
    p.Text({at.x, y}, Font::kSmall, p.Of(Token::kTextMuted), name, width - p.Width(Font::kSmall, value) - kPad);
    p.TextIn({at.x, y, width, 18}, Font::kSmall, p.Of(Token::kTextMuted), value, Align::kRight);
    ui.Progress(key, {at.x, y + 22, width, 6}, part, name, value);
    y += 22 + 6 + 12;
  };
  if (const Adding& adding = c.project.adding(); adding.active() && (adding.total > 3 || c.project.sampling_video())) {
    const int64_t done = adding.done + adding.failed;
    row("adding", "Adding pictures", Format("%lld of %lld", static_cast<long long>(done), static_cast<long long>(adding.total)),
        static_cast<double>(done) / static_cast<double>(adding.total));
  }
  for (const Import& import : c.project.imports()) {
    row(std::to_string(import.id), "Reading " + BaseName(import.name),
        import.total > 0 ? Format("%lld of %lld", static_cast<long long>(import.done), static_cast<long long>(import.total)) : "",
        import.total > 0 ? static_cast<double>(import.done) / static_cast<double>(import.total) : -1);
  }
  if (c.project.sampling_video()) {
    row("video", "Taking pictures from " + c.project.video_name(), c.project.video_part() >= 0 ? Format("%.0f %%", c.project.video_part() * 100) : "", c.project.video_part());
  }
  return y - at.y;
}

}  // namespace

bool ExampleButton(Context& c, const Rect& r, ButtonStyle style) {
  const bool coming = !c.project.imports().empty();
  const bool pressed = c.ui.Button("example", r, style, Icon::kPicture, kOpenExample,
                                   {.state = static_cast<uint16_t>(coming ? kDisabled : 0), .description = "A project with drawn pictures of four kinds of fruit, ready to train"});
  if (pressed) c.host.OpenExample();
  return pressed;
}

float DrawClasses(Context& c, Vec2 top_left, float width) {
  Ui& ui = c.ui;
  ProjectModel& project = c.project;
  float y = top_left.y;
  if (project.blocked()) {
    const auto blocked = *project.blocked();
    return DrawElsewhere(c, top_left, width, "“" + blocked.name + "” is open in another tab", "Two tabs must not change the same project. You can go on there, or take it over.", blocked.project_id);
  }
  if (project.closed()) {
    const auto closed = *project.closed();
    return DrawElsewhere(c, top_left, width, "Another tab has taken this project over", closed.message.empty() ? "Everything up to then is kept." : closed.message, closed.project_id);
  }
  y += DrawComing(c, {top_left.x, y}, width);
  const std::vector<schema::ClassInfo>& classes = project.classes();
  if (classes.empty()) return y - top_left.y + DrawFirst(c, {top_left.x, y}, width);

  const AccessId list = ui.Id("class-list");
  ui.Open(list, {.role = Role::kList, .name = "Classes to teach"}, {top_left.x, y, width, ui.HeightOf(list)});
  const float list_y = y;
  for (size_t i = 0; i < classes.size(); ++i) y += DrawCard(c, {top_left.x, y}, width, classes[i], static_cast<int>(i)) + kCardGap;
  ui.SetHeightOf(list, y - list_y);
  ui.Close();

  const bool few = classes.size() < 2;
  constexpr float kAddHeight = kControlHeight + 8;
  const bool can_pick = c.host.CanPickFiles();
  const float add = width - (can_pick ? kAddHeight + kGap : 0);
  if (ui.Button("add", {top_left.x, y, add, kAddHeight}, few ? ButtonStyle::kPrimary : ButtonStyle::kSecondary, Icon::kPlus, few ? "Add a second class" : "Add a class")) {
    project.AddClass();
  }
  if (can_pick) FolderButton(c, {top_left.x + add + kGap, y, kAddHeight, kAddHeight}, false);
  y += kAddHeight;
  if (const schema::ClassInfo* shorter = project.ShortClass()) {
    y += 12;
    const std::string name = shorter->name.size() > 40 ? "Class " + MarkOf(c, shorter->id).letters : "“" + shorter->name + "”";
    y += ui.Paragraph("balance", {top_left.x, y}, width, Font::kSmall, Token::kTextMuted,
                      name + " has far fewer pictures than the largest class. Give it more, so that none is preferred.", Role::kStatus);
  }
  return y - top_left.y;
}

}  // namespace handful::ui
