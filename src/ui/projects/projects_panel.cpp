// Projects: the open one, the others, what they take of the machine's storage.
#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/projects/projects.h"
#include "ui/toolkit/column.h"
#include "ui/toolkit/words.h"

namespace handful::ui {
namespace {

std::string Bytes(double bytes) {
  return bytes >= 1e9 ? Format("%.1f GB", bytes / 1e9) : Format("%.1f MB", bytes / 1e6);
}

std::string NewName(const ProjectsPanel& c) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(c.projects.list.all().begin(), c.projects.list.all().end(),
                       [&](const auto& p) { return p.name == name; });
  };
  std::string name = "New project";
  for (int n = 2; taken(name); ++n) name = Format("New project %d", n);
  return name;
}

// Where everything is kept, and how much room there is. Returns the height.
float DrawStorage(ProjectsPanel& c, Vec2 at, float width) {
  Ui& ui = c.ui;
  const schema::StorageState& storage = c.projects.storage;
  Column col(ui, at, width);
  if (storage.kind == schema::StorageKind::kIndexedDb) {
    std::string text = Bytes(storage.usage_bytes);
    if (storage.quota_bytes > 0) text += " of " + Bytes(storage.quota_bytes);
    text += " used";
    constexpr std::string_view kAsk = "Keep for good";
    const float ask = storage.persisted ? 0 : ui.ButtonWidth(Icon::kLock, kAsk);
    const float room = width - (ask > 0 ? ask + kPad : 0);
    const Rect head = col.Take(24);
    ui.Label("storage", {head.x, head.y}, Font::kBodyStrong, Token::kText, "Kept in this browser", room, Role::kHeading,
             2);
    if (ask > 0 && ui.Button("persist", {head.right() - ask, head.y + 2, ask, kControlHeight}, ButtonStyle::kSecondary,
                             Icon::kLock, kAsk, {.description = "Ask the browser not to clear it when it needs room"}))
      c.host.AskToPersist();
    const Rect figures = col.Take(26);
    ui.Label("figures", {figures.x, figures.y}, Font::kSmall, Token::kTextMuted,
             text + (storage.persisted ? ", protected" : ""), room);
    ui.Meter("meter", col.Take(6), ui.paint.Of(Token::kAccent),
             storage.quota_bytes > 0 ? storage.usage_bytes / storage.quota_bytes : 0, "Storage used", text);
  } else {
    col.Label("storage", Font::kBodyStrong, Token::kText, "Not kept", 24, Role::kHeading, 2);
    col.Paragraph("why", Font::kSmall, Token::kTextMuted,
                  storage.message.empty() ? "This project is in memory only. Export it to keep it." : storage.message);
  }
  if (!storage.message.empty() && storage.kind == schema::StorageKind::kIndexedDb) {
    col.Gap(kGap);
    col.Paragraph("trouble", Font::kSmall, Token::kWarningText, storage.message, Role::kAlert);
  }
  return col.height();
}

// Returns the height.
float DrawOthers(ProjectsPanel& c, const Rect& r) {
  Ui& ui = c.ui;
  Painter& p = ui.paint;
  constexpr float kRow = 56;
  const std::string current = c.projects.list.open().id;
  std::string open, remove;
  const Vec2 start = ui.BeginScroll("others", r, "Other projects");
  ui.Open("list", Role::kList, "Other projects",
          {start.x, start.y, r.w, kRow * static_cast<float>(c.projects.list.all().size())});
  Column col(ui, start, r.w);
  for (const schema::ProjectInfo& other : c.projects.list.all()) {
    if (other.id == current) continue;
    const Rect row = col.Take(kRow);
    ui.Open(ui.Id(other.id), {.role = Role::kListItem, .description = other.name}, row);
    const AccessId id = ui.Id("open");
    const Rect press_area{row.x, row.y, row.w - 48, row.h};
    const Ui::Press press = ui.Interact(id, press_area);
    if (press.clicked) open = other.id;
    if (press.hovered) p.Fill(press_area, p.Of(Token::kHover), kRadiusSmall);
    p.Text({row.x + 12, row.y + 7}, Font::kBody, p.Of(Token::kText), other.name, press_area.w - 24);
    const std::string facts =
        Count(other.samples, "picture", "pictures") + " · " + WhenText(other.changed_ms, c.now_ms);
    p.Text({row.x + 12, row.y + 30}, Font::kSmall, p.Of(Token::kTextMuted), facts, press_area.w - 24);
    ui.FocusRing(id, press_area.Inset(2));
    ui.Open(id, {.role = Role::kButton, .name = "Open " + other.name, .description = facts}, press_area);
    ui.Close();
    if (ui.IconButton("delete", {row.right() - 44, row.y + 8, 40, 40}, Icon::kTrash, "Delete " + other.name))
      remove = other.id;
    ui.Close();
  }
  ui.Close();
  ui.EndScroll(col.height());
  if (!open.empty()) {
    c.projects.list.Open(open);
    c.overlay.Close();
  }
  if (!remove.empty()) {
    c.projects.list.AskToDelete(remove);
    c.overlay.Show(Overlay::Kind::kDeleteProject);
  }
  return r.h;
}

}  // namespace

void DrawProjects(ProjectsPanel& c) {
  Ui& ui = c.ui;
  const Vec2 window = ui.window();
  const schema::ProjectInfo& info = c.projects.list.open();
  size_t others = 0;
  for (const schema::ProjectInfo& p : c.projects.list.all()) others += p.id != info.id ? 1 : 0;
  const float width = std::min(560.0F, window.x - 2 * kPad);
  const float pad = window.x >= 640 ? kPadLarge : kPad, inner = width - 2 * pad;
  const float example = c.host.HasExample() ? kControlHeight + kGap : 0;
  const float list =
      others == 0
          ? 0
          : std::min(static_cast<float>(others) * 56, std::max(112.0F, window.y - 2 * kPad - 430 - example)) + 36;
  const bool two_rows = inner < 420;
  const float height =
      std::min(window.y - 2 * kPad, pad + 44 + 48 + (two_rows ? 96.0F : 48.0F) + list + 56 + example + 24 + 96 + pad);
  const Rect r = Centered(window, width, height);
  if (!ui.BeginDialog("projects", "Projects", r)) c.overlay.Close();
  Column col(ui, {r.x + pad, r.y + pad}, inner);
  ui.Label("title", {col.x(), col.y() + 2}, Font::kTitle, Token::kText, "Projects", inner - 48, Role::kHeading, 1);
  if (ui.IconButton("close", {r.right() - pad - 32, col.y() - 2, 40, 40}, Icon::kClose, "Close")) c.overlay.Close();
  col.Gap(44);
  // The open one.
  const Typed typed =
      ui.TextField("name", col.Take(kControlHeight, kGap), "Name of this project", info.name, {.placeholder = "Name"});
  if (typed.committed && typed.text != info.name) c.projects.list.Rename(info.id, typed.text);
  const Rect row = col.Take(kControlHeight, kGap);
  const int parts = two_rows ? 2 : 3;
  if (ui.Button("export", PartOf(row, 0, parts), ButtonStyle::kSecondary, Icon::kDownload, "Export"))
    c.projects.list.Export();
  if (ui.Button("duplicate", PartOf(row, 1, parts), ButtonStyle::kSecondary, Icon::kCopy, "Duplicate")) {
    c.projects.list.Duplicate(info.id, info.name + " copy");
  }
  const Rect last = two_rows ? col.Take(kControlHeight, kGap) : PartOf(row, 2, parts);
  if (ui.Button("delete", last, ButtonStyle::kSecondary, Icon::kTrash, "Delete…", {.name = "Delete this project"})) {
    c.projects.list.AskToDelete(info.id);
    c.overlay.Show(Overlay::Kind::kDeleteProject);
  }
  if (others > 0) {
    col.Gap(12);
    col.Label("others-title", Font::kBodyStrong, Token::kText, "Other projects", 24, Role::kHeading, 2);
    DrawOthers(c, col.Take(list - 36).Inset(-12, 0));
  }
  col.Gap(12);
  const Rect more = col.Take(kControlHeight);
  if (ui.Button("new", PartOf(more, 0, 2), ButtonStyle::kPrimary, Icon::kPlus, "New project")) {
    c.projects.list.Create(NewName(c));
    c.overlay.Close();
  }
  if (c.host.CanPickFiles()) {
    c.targets.push_back({.what = FileTarget::What::kArchive, .control = ui.Id("import")});
    if (ui.Button("import", PartOf(more, 1, 2), ButtonStyle::kSecondary, Icon::kUpload, "Import…",
                  {.role = Role::kFileButton,
                   .description = "A project's zip, a Teachable Machine .tm, or a zip of folders of pictures",
                   .name = "Import a project…",
                   .accept = ".zip,.tm"})) {
      c.host.PickFiles(Pick::kModel);
    }
  }
  if (example > 0) {
    col.Gap(kGap);
    if (ExampleButton(c, col.Take(kControlHeight), ButtonStyle::kSecondary, c.importing)) c.overlay.Close();
  }
  col.Gap(20);
  DrawStorage(c, col.at(), inner);
  ui.EndDialog();
}

void DrawDeleteProject(ProjectsPanel& c) {
  Ui& ui = c.ui;
  const std::string id = c.projects.list.asked_to_delete();
  const schema::ProjectInfo* doomed = id == c.projects.list.open().id ? &c.projects.list.open() : nullptr;
  for (const schema::ProjectInfo& p : c.projects.list.all()) {
    if (p.id == id && doomed == nullptr) doomed = &p;
  }
  if (doomed == nullptr) return c.overlay.Close();
  const Vec2 window = ui.window();
  const float width = std::min(440.0F, window.x - 2 * kPad), inner = width - 2 * kPadLarge;
  const int64_t samples = doomed == &c.projects.list.open() ? c.samples : doomed->samples;
  const std::string name = doomed->name.size() > 80 ? std::string("This project") : "“" + doomed->name + "”";
  const std::string text = name + " and its " + Count(samples, "picture", "pictures") +
                           " go for good. Export it first if you may want it back.";
  const float height = kPadLarge + 34 + static_cast<float>(ui.paint.Lines(inner, Font::kBody, text).size()) * 22 + 20 +
                       kControlHeight + kPadLarge;
  const Rect r = Centered(window, width, height);
  bool open = ui.BeginDialog("delete-project", "Delete the project?", r);
  Column col(ui, {r.x + kPadLarge, r.y + kPadLarge}, inner);
  col.Label("title", Font::kTitle, Token::kText, "Delete the project?", 34, Role::kHeading, 1);
  col.Paragraph("text", Font::kBody, Token::kTextMuted, text);
  col.Gap(20);
  const Rect row = col.Take(kControlHeight);
  if (ui.Button("keep", PartOf(row, 0, 2), ButtonStyle::kSecondary, Icon::kNone, "Keep it")) open = false;
  if (ui.Button("delete", PartOf(row, 1, 2), ButtonStyle::kPrimary, Icon::kTrash, "Delete for good")) {
    c.projects.list.Delete(id);
    c.overlay.Close();
  }
  ui.EndDialog();
  if (!open) c.overlay.Close();
}

}  // namespace handful::ui
