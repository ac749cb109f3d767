#include "ui/toolkit/access.h"

#include <algorithm>
#include <cmath>

#include "base/status.h"
#include "ui/toolkit/utf8.h"

namespace handful::ui {
namespace {

// Half a CSS pixel is finer than anything that reads these.
float Rounded(float v) { return std::round(v * 2) / 2; }

Rect Rounded(const Rect& r) { return {Rounded(r.x), Rounded(r.y), Rounded(r.w), Rounded(r.h)}; }

void AppendNumber(std::string& out, double v) {
  std::string text = Format("%.1f", v);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  out += text == "-0" ? "0" : text;
}

void AppendRect(std::string& out, const Rect& r) {
  out += '[';
  AppendNumber(out, r.x);
  for (const float v : {r.y, r.w, r.h}) {
    out += ',';
    AppendNumber(out, v);
  }
  out += ']';
}

std::string StateLetters(uint16_t state) {
  constexpr char kLetters[] = "dcsbADixfu";
  std::string letters;
  for (int i = 0; kLetters[i] != 0; ++i) {
    if ((state >> i & 1) != 0) letters += kLetters[i];
  }
  return letters;
}

// The properties in which `node` differs from `old`, as a JSON object; empty if none.
std::string Properties(const AccessNode& node, const AccessNode* old) {
  std::string out;
  const auto key = [&out](const char* name) {
    out += out.empty() ? "{\"" : ",\"";
    out += name;
    out += "\":";
  };
  const auto text = [&](const char* name, const std::string AccessNode::* member) {
    if (old != nullptr ? node.*member == old->*member : (node.*member).empty()) return;
    key(name);
    AppendJsonString(out, node.*member);
  };
  if (old == nullptr || old->role != node.role) {
    key("r");
    AppendJsonString(out, NameOf(node.role));
  }
  text("n", &AccessNode::name);
  text("d", &AccessNode::description);
  text("v", &AccessNode::value);
  const auto number = [&](const char* name, double now, double before) {
    if (now == before) return;
    key(name);
    AppendNumber(out, now);
  };
  number("q", node.now, old != nullptr ? old->now : -1);
  number("l", node.level, old != nullptr ? old->level : 0);
  number("h", node.content_height, old != nullptr ? old->content_height : 0);
  number("y", node.scroll_y, old != nullptr ? old->scroll_y : 0);
  number("m", node.max_length, old != nullptr ? old->max_length : 0);
  number("z", node.set_size, old != nullptr ? old->set_size : 0);
  number("p", node.position, old != nullptr ? old->position : 0);
  number("f", node.take_focus ? 1 : 0, old != nullptr && old->take_focus ? 1 : 0);
  if (old == nullptr && node.input[0] != 0) {
    key("t");
    AppendJsonString(out, node.input);
  }
  if (old != nullptr ? node.options != old->options : !node.options.empty()) {
    key("o");
    out += '[';
    for (size_t i = 0; i < node.options.size(); ++i) {
      if (i > 0) out += ',';
      AppendJsonString(out, node.options[i]);
    }
    out += ']';
  }
  if (old != nullptr ? node.state != old->state : node.state != 0) {
    key("s");
    AppendJsonString(out, StateLetters(node.state));
  }
  if (old == nullptr || !(node.rect == old->rect)) {
    key("b");
    AppendRect(out, node.rect);
  }
  if (!out.empty()) out += '}';
  return out;
}

}  // namespace

const char* NameOf(Role role) {
  switch (role) {
    case Role::kGroup: return "group";
    case Role::kMain: return "main";
    case Role::kBanner: return "banner";
    case Role::kRegion: return "region";
    case Role::kScroll: return "scroll";
    case Role::kDialog: return "dialog";
    case Role::kHeading: return "heading";
    case Role::kText: return "text";
    case Role::kList: return "list";
    case Role::kListItem: return "listitem";
    case Role::kImage: return "img";
    case Role::kButton: return "button";
    case Role::kFileButton: return "file";
    case Role::kFolderButton: return "folder";
    case Role::kCheckbox: return "checkbox";
    case Role::kRadioGroup: return "radiogroup";
    case Role::kRadio: return "radio";
    case Role::kMeter: return "meter";
    case Role::kProgress: return "progressbar";
    case Role::kTable: return "table";
    case Role::kRow: return "row";
    case Role::kColumnHeader: return "columnheader";
    case Role::kCell: return "cell";
    case Role::kStatus: return "status";
    case Role::kAlert: return "alert";
    case Role::kTextBox: return "textbox";
    case Role::kComboBox: return "combobox";
    case Role::kHold: return "hold";
    case Role::kListBox: return "listbox";
    case Role::kGrid: return "grid";
    case Role::kOption: return "option";
    case Role::kTabList: return "tablist";
    case Role::kTab: return "tab";
    case Role::kLink: return "link";
  }
  return "group";
}

void AccessTree::BeginFrame() {
  ++frame_;
  operations_.clear();
  open_ = {0};
  Entry& root = entries_[0];
  root.frame = frame_;
  root.before.swap(root.children);
  root.children.clear();
}

void AccessTree::Attach(AccessId id) { entries_[open_.back()].children.push_back(id); }

void AccessTree::Open(AccessId id, const AccessNode& declared, uint64_t stamp) {
  AccessNode node = declared;
  node.rect = Rounded(node.rect);
  node.content_height = Rounded(node.content_height);
  node.scroll_y = Rounded(node.scroll_y);
  node.now = node.now < 0 ? -1 : std::round(node.now * 10) / 10;

  const AccessId parent = open_.back();
  auto [it, created] = entries_.try_emplace(id);
  Entry* entry = &it->second;
  if (!created && (entry->parent != parent || entry->node.role != node.role)) {
    // An element cannot change what it is, nor move: the old one goes, a new one comes.
    Remove(id);
    std::erase(entries_[parent].before, id);
    entry = &entries_[id];
    created = true;
  }
  const std::string properties = Properties(node, created ? nullptr : &entry->node);
  if (!properties.empty()) {
    operations_ += operations_.empty() ? "[" : ",";
    operations_ += created ? "[\"+\"," + std::to_string(id) + "," + std::to_string(parent) + ","
                           : "[\"=\"," + std::to_string(id) + ",";
    operations_ += properties + "]";
  }
  entry->node = std::move(node);
  entry->parent = parent;
  entry->stamp = stamp;
  entry->frame = frame_;
  entry->before.swap(entry->children);
  entry->children.clear();
  Attach(id);
  open_.push_back(id);
}

bool AccessTree::Keep(AccessId id, uint64_t stamp) {
  const auto it = entries_.find(id);
  if (it == entries_.end() || it->second.stamp != stamp || it->second.parent != open_.back()) return false;
  it->second.frame = frame_;
  Attach(id);
  return true;
}

void AccessTree::CloseEntry(AccessId id) {
  Entry& entry = entries_[id];
  if (entry.children == entry.before) return;
  std::vector<AccessId> left;  // of the earlier children, those still here, in their earlier order
  std::vector<AccessId> gone;
  for (const AccessId child : entry.before) {
    const auto it = entries_.find(child);
    const bool here = it != entries_.end() && it->second.frame == frame_ && it->second.parent == id;
    (here ? left : gone).push_back(child);
  }
  for (const AccessId child : gone) {
    const auto it = entries_.find(child);
    if (it != entries_.end() && it->second.parent == id) Remove(child);
  }
  // New elements were appended after `left`; anything else is a new order.
  std::vector<AccessId>& now = entries_[id].children;
  if (now.size() >= left.size() && std::equal(left.begin(), left.end(), now.begin())) return;
  operations_ += operations_.empty() ? "[" : ",";
  operations_ += "[\"c\"," + std::to_string(id) + ",[";
  for (size_t i = 0; i < now.size(); ++i) operations_ += (i > 0 ? "," : "") + std::to_string(now[i]);
  operations_ += "]]";
}

void AccessTree::Close() {
  const AccessId id = open_.back();
  open_.pop_back();
  CloseEntry(id);
}

void AccessTree::Remove(AccessId id) {
  operations_ += operations_.empty() ? "[" : ",";
  operations_ += "[\"-\"," + std::to_string(id) + "]";
  std::vector<AccessId> doomed = {id};
  while (!doomed.empty()) {
    const auto it = entries_.find(doomed.back());
    doomed.pop_back();
    if (it == entries_.end()) continue;
    const AccessId parent = it->first;
    // A child that another element has taken over meanwhile is not ours to remove.
    for (const auto* list : {&it->second.children, &it->second.before}) {
      for (const AccessId child : *list) {
        const auto c = entries_.find(child);
        if (c != entries_.end() && c->second.parent == parent) doomed.push_back(child);
      }
    }
    entries_.erase(parent);
  }
}

std::string AccessTree::EndFrame() {
  CloseEntry(0);
  if (!operations_.empty()) operations_ += ']';
  return operations_;
}

const AccessNode* AccessTree::Find(AccessId id) const {
  const auto it = entries_.find(id);
  return it == entries_.end() ? nullptr : &it->second.node;
}

void AccessTree::DumpEntry(AccessId id, float x, float y, std::string& out) const {
  const Entry& entry = entries_.at(id);
  const AccessNode& node = entry.node;
  const Rect rect{x + node.rect.x, y + node.rect.y, node.rect.w, node.rect.h};
  out += "{\"id\":" + std::to_string(id) + ",\"role\":";
  AppendJsonString(out, NameOf(node.role));
  out += ",\"name\":";
  AppendJsonString(out, node.name);
  if (!node.value.empty()) {
    out += ",\"value\":";
    AppendJsonString(out, node.value);
  }
  if (node.state != 0) {
    out += ",\"state\":";
    AppendJsonString(out, StateLetters(node.state));
  }
  out += ",\"rect\":";
  AppendRect(out, rect);
  if (!entry.children.empty()) {
    out += ",\"children\":[";
    for (size_t i = 0; i < entry.children.size(); ++i) {
      if (i > 0) out += ',';
      DumpEntry(entry.children[i], rect.x, rect.y - node.scroll_y, out);
    }
    out += ']';
  }
  out += '}';
}

std::string AccessTree::Dump() const {
  std::string out;
  if (entries_.contains(0)) DumpEntry(0, 0, 0, out);
  return out;
}

AccessId MakeAccessId(AccessId parent, std::string_view key) {
  uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](uint8_t byte) { hash = (hash ^ byte) * 1099511628211ULL; };
  for (int shift = 0; shift < 64; shift += 8) mix(static_cast<uint8_t>(parent >> shift));
  for (const char c : key) mix(static_cast<uint8_t>(c));
  hash = (hash ^ hash >> 52U) & ((1ULL << 52U) - 1);
  return hash == 0 ? 1 : hash;
}

AccessId MakeAccessId(AccessId parent, int64_t key) {
  return MakeAccessId(parent, std::string_view(reinterpret_cast<const char*>(&key), sizeof key));
}

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    const uint32_t code = NextCodePoint(text, at);
    if (code == '"' || code == '\\') {
      out += '\\';
      out += static_cast<char>(code);
    } else if (code < 0x20) {
      out += Format("\\u%04x", code);
    } else if (code == 0xFFFD) {
      out += "\xEF\xBF\xBD";
    } else {
      out.append(text.substr(start, at - start));
    }
  }
  out += '"';
}

}  // namespace handful::ui
