// Projects: the open one, the others, what they take of the machine's storage.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/frame/context.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

std::string Bytes(double bytes) { return bytes >= 1e9 ? Format("%.1f GB", bytes / 1e9) : Format("%.1f MB", bytes / 1e6); }

std::string NewName(const Context& c) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(c.project.projects().begin(), c.project.projects().end(), [&](const auto& p) { return p.name == name; });
  };
  std::string name = "New project";
  for (int n = 2; taken(name); ++n) name = Format("New project %d", n);
  return name;
}

// Where everything is kept, and how much room there is. Returns the height.
float DrawStorage(Context& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  const schema::StorageState& storage = c.project.storage();
  float y = at.y;
  if (storage.kind == "indexeddb") {
    std::string text = Bytes(storage.usage_bytes);
    if (storage.quota_bytes > 0) text += " of " + Bytes(storage.quota_bytes);
    text += " used";
    constexpr std::string_view kAsk = "Keep for good";
    const float ask = storage.persisted ? 0 : ui.ButtonWidth(Icon::kLock, kAsk);
    const float room = width - (ask > 0 ? ask + kPad : 0);
    ui.Label("storage", {at.x, y}, Font::kBodyStrong, Token::kText, "Kept in this browser", room, Role::kHeading, 2);
    if (ask > 0 && ui.Button("persist", {at.x + width - ask, y + 2, ask, kControlHeight}, ButtonStyle::kSecondary, Icon::kLock, kAsk, {.description = "Ask the browser not to clear it when it needs room"})) c.host.AskToPersist();
    y += 24;
    ui.Label("figures", {at.x, y}, Font::kSmall, Token::kTextMuted, text + (storage.persisted ? ", protected" : ""), room);
    y += 26;
    ui.Meter("meter", {at.x, y, width, 6}, ui.paint.Of(Token::kAccent), storage.quota_bytes > 0 ? storage.usage_bytes / storage.quota_bytes : 0, "Storage used", text);
    y += 6;
  } else {
    ui.Label("storage", {at.x, y}, Font::kBodyStrong, Token::kText, "Not kept", width, Role::kHeading, 2);
    y += 24;
    y += ui.Paragraph("why", {at.x, y}, width, Font::kSmall, Token::kTextMuted,
                      storage.message.empty() ? "This project is in memory only. Export it to keep it." : storage.message);
  }
  if (!storage.message.empty() && storage.kind == "indexeddb") {
    y += kGap;
    y += ui.Paragraph("trouble", {at.x, y}, width, Font::kSmall, Token::kWarningText, storage.message, Role::kAlert);
  }
  return y - at.y;
}

// Returns the height.
float DrawOthers(Context& c, const Rect& r) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  constexpr float kRow = 56;
  const std::string current = c.project.info().id;
  std::string open, remove;
  const Vec2 start = ui.BeginScroll("others", r, "Other projects");
  ui.Open("list", Role::kList, "Other projects", {start.x, start.y, r.w, kRow * static_cast<float>(c.project.projects().size())});
  float y = start.y;
  for (const schema::ProjectInfo& other : c.project.projects()) {
    if (other.id == current) continue;
    const Rect row{start.x, y, r.w, kRow};
    ui.Open(ui.Id(other.id), {.role = Role::kListItem, .description = other.name}, row);
    const AccessId id = ui.Id("open");
    const Rect press_area{row.x, row.y, row.w - 48, row.h};
    const Ui::Press press = ui.Interact(id, press_area);
    if (press.clicked) open = other.id;
    if (press.hovered) p.Fill(press_area, p.Of(Token::kHover), kRadiusSmall);
    p.Text({row.x + 12, row.y + 7}, Font::kBody, p.Of(Token::kText), other.name, press_area.w - 24);
    const std::string facts = Count(other.samples, "picture", "pictures") + " · " + WhenText(other.changed_ms, c.now_ms);
    p.Text({row.x + 12, row.y + 30}, Font::kSmall, p.Of(Token::kTextMuted), facts, press_area.w - 24);
    ui.FocusRing(id, press_area.Inset(2));
    ui.Open(id, {.role = Role::kButton, .name = "Open " + other.name, .description = facts}, press_area);
    ui.Close();
    if (ui.IconButton("delete", {row.right() - 44, row.y + 8, 40, 40}, Icon::kTrash, "Delete " + other.name)) remove = other.id;
    ui.Close();
    y += kRow;
  }
  ui.Close();
  ui.EndScroll(y - start.y);
  if (!open.empty()) {
    c.project.OpenProject(open);
    c.overlay.Close();
  }
  if (!remove.empty()) {
    c.project.AskToDelete(remove);
    c.overlay.Show(Overlay::Kind::kDeleteProject);
  }
  return r.h;
}

}  // namespace

void DrawProjects(Context& c) {
  Ui& ui = c.ui;
  const Vec2 window = ui.window();
  const schema::ProjectInfo& info = c.project.info();
  size_t others = 0;
  for (const schema::ProjectInfo& p : c.project.projects()) others += p.id != info.id ? 1 : 0;
  const float width = std::min(560.0F, window.x - 2 * kPad);
  const float pad = window.x >= 640 ? kPadLarge : kPad, inner = width - 2 * pad;
  const float example = c.host.HasExample() ? kControlHeight + kGap : 0;
  const float list = others == 0 ? 0 : std::min(static_cast<float>(others) * 56, std::max(112.0F, window.y - 2 * kPad - 430 - example)) + 36;
  const bool two_rows = inner < 420;
  const float height = std::min(window.y - 2 * kPad, pad + 44 + 48 + (two_rows ? 96.0F : 48.0F) + list + 56 + example + 24 + 96 + pad);
  const Rect r{std::round((window.x - width) / 2), std::round((window.y - height) / 2), width, height};
  if (!ui.BeginDialog("projects", "Projects", r)) c.overlay.Close();
  const float x = r.x + pad;
  float y = r.y + pad;
  ui.Label("title", {x, y + 2}, Font::kTitle, Token::kText, "Projects", inner - 48, Role::kHeading, 1);
  if (ui.IconButton("close", {r.right() - pad - 32, y - 2, 40, 40}, Icon::kClose, "Close")) c.overlay.Close();
  y += 44;
  // The open one.
  const Typed typed = ui.TextField("name", {x, y, inner, kControlHeight}, "Name of this project", info.name, {.placeholder = "Name"});
  if (typed.committed && typed.text != info.name) c.project.RenameProject(info.id, typed.text);
  y += 48;
  const float third = two_rows ? (inner - kGap) / 2 : (inner - 2 * kGap) / 3;
  if (ui.Button("export", {x, y, third, kControlHeight}, ButtonStyle::kSecondary, Icon::kDownload, "Export")) c.project.ExportProject();
  if (ui.Button("duplicate", {x + third + kGap, y, third, kControlHeight}, ButtonStyle::kSecondary, Icon::kCopy, "Duplicate")) {
    c.project.DuplicateProject(info.id, info.name + " copy");
  }
  const Rect last = two_rows ? Rect{x, y + 48, inner, kControlHeight} : Rect{x + 2 * (third + kGap), y, third, kControlHeight};
  if (ui.Button("delete", last, ButtonStyle::kSecondary, Icon::kTrash, "Delete…", {.name = "Delete this project"})) {
    c.project.AskToDelete(info.id);
    c.overlay.Show(Overlay::Kind::kDeleteProject);
  }
  y += two_rows ? 96 : 48;
  if (others > 0) {
    y += 12;
    ui.Label("others-title", {x, y}, Font::kBodyStrong, Token::kText, "Other projects", inner, Role::kHeading, 2);
    y += 24;
    const Rect box{x - 12, y, inner + 24, list - 36};
    DrawOthers(c, box);
    y += box.h;
  }
  y += 12;
  const float half = (inner - kGap) / 2;
  if (ui.Button("new", {x, y, half, kControlHeight}, ButtonStyle::kPrimary, Icon::kPlus, "New project")) {
    c.project.CreateProject(NewName(c));
    c.overlay.Close();
  }
  if (c.host.CanPickFiles()) {
    c.targets.push_back({.what = FileTarget::What::kArchive, .control = ui.Id("import")});
    if (ui.Button("import", {x + half + kGap, y, half, kControlHeight}, ButtonStyle::kSecondary, Icon::kUpload, "Import…",
                  {.role = Role::kFileButton, .description = "A project's zip, a Teachable Machine .tm, or a zip of folders of pictures", .name = "Import a project…", .accept = ".zip,.tm"})) {
      c.host.PickFiles(Pick::kModel);
    }
  }
  if (example > 0 && ExampleButton(c, {x, y + kControlHeight + kGap, inner, kControlHeight}, ButtonStyle::kSecondary)) c.overlay.Close();
  y += kControlHeight + example + 20;
  DrawStorage(c, {x, y}, inner);
  ui.EndDialog();
}

void DrawDeleteProject(Context& c) {
  Ui& ui = c.ui;
  const std::string id = c.project.asked_to_delete();
  const schema::ProjectInfo* doomed = id == c.project.info().id ? &c.project.info() : nullptr;
  for (const schema::ProjectInfo& p : c.project.projects()) {
    if (p.id == id && doomed == nullptr) doomed = &p;
  }
  if (doomed == nullptr) return c.overlay.Close();
  const Vec2 window = ui.window();
  const float width = std::min(440.0F, window.x - 2 * kPad), inner = width - 2 * kPadLarge;
  const int64_t samples = doomed == &c.project.info() ? c.project.count() : doomed->samples;
  const std::string name = doomed->name.size() > 80 ? std::string("This project") : "“" + doomed->name + "”";
  const std::string text = name + " and its " + Count(samples, "picture", "pictures") + " go for good. Export it first if you may want it back.";
  const float height = kPadLarge + 34 + static_cast<float>(ui.paint.Lines(inner, Font::kBody, text).size()) * 22 + 20 + kControlHeight + kPadLarge;
  const Rect r{std::round((window.x - width) / 2), std::round((window.y - height) / 2), width, height};
  bool open = ui.BeginDialog("delete-project", "Delete the project?", r);
  float y = r.y + kPadLarge;
  ui.Label("title", {r.x + kPadLarge, y}, Font::kTitle, Token::kText, "Delete the project?", inner, Role::kHeading, 1);
  y += 34;
  y += ui.Paragraph("text", {r.x + kPadLarge, y}, inner, Font::kBody, Token::kTextMuted, text) + 20;
  const float half = (inner - kGap) / 2;
  if (ui.Button("keep", {r.x + kPadLarge, y, half, kControlHeight}, ButtonStyle::kSecondary, Icon::kNone, "Keep it")) open = false;
  if (ui.Button("delete", {r.x + kPadLarge + half + kGap, y, half, kControlHeight}, ButtonStyle::kPrimary, Icon::kTrash, "Delete for good")) {
    c.project.DeleteProject(id);
    c.overlay.Close();
  }
  ui.EndDialog();
  if (!open) c.overlay.Close();
}

}  // namespace handful::ui
