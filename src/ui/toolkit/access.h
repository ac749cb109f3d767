// The access tree: what the page shows, as roles, names, values and states, for people who see it with a screen reader,
// operate it with a keyboard, and for tests. Widgets declare it anew each frame; what changed leaves as operations that
// the page applies to real DOM elements beside the canvas (web/page/access.ts).
//
//   tree.BeginFrame();
//   tree.Open(id, node);  …children…  tree.Close();
//   if (!tree.Keep(row_id, stamp)) {   // unchanged: one look-up
//     tree.Open(row_id, row, stamp);  …cells…  tree.Close();
//   }
//   std::string operations = tree.EndFrame();   // "" when nothing changed
//
// Operations, a JSON array of arrays, in order:
//   ["+", id, parent, {properties}]   a new element, last among its siblings
//   ["=", id, {properties}]           what changed of one
//   ["c", parent, [ids]]              the order of the children
//   ["-", id]                         gone, with all below it
// Properties: r role, n name, d description (of a text box: its placeholder), v value text, q value now (of a combo
//   box: the chosen option), l level, b [x,y,w,h] relative to the parent, s state letters, h content height, y scroll
//   position, m longest text, t kind of input ("number", "quiet"), o options, z size of the set, p position in it from
//   1, f 1: takes the focus.
// Parent 0 is the root.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ui/toolkit/geometry.h"

namespace handful::ui {

// At most 52 bits, so that a JavaScript number holds it.
using AccessId = uint64_t;

enum class Role {
  kGroup,
  kMain,
  kBanner,
  kRegion,
  kScroll,
  kDialog,
  kHeading,
  kText,
  kList,
  kListItem,
  kImage,
  kButton,
  kFileButton,
  kFolderButton,
  kCheckbox,
  kRadioGroup,
  kRadio,
  kMeter,
  kProgress,
  kTable,
  kRow,
  kColumnHeader,
  kCell,
  kStatus,
  kAlert,
  kTextBox,
  kComboBox,
  kHold,
  kListBox,
  kGrid,
  kOption,
  kTabList,
  kTab,
  kLink,
};
const char* NameOf(Role role);

// Flags of AccessNode::state.
enum AccessState : uint16_t {
  kDisabled = 1,
  kChecked = 2,
  kSelected = 4,
  kBusy = 8,
  kAscending = 16,
  kDescending = 32,
  kInert = 64,  // behind a dialog
  kInvalid = 128,
  kFolded = 256,  // of a button that unfolds something …
  kUnfolded = 512,
};

struct AccessNode {
  Role role = Role::kGroup;
  std::string name{};
  std::string description{};
  std::string value{};  // as text, e.g. "99.8 %"; of a file button: the MIME types it takes
  double now = -1;      // 0 to 100 for meters and progress; below 0: not known
  int level = 0;        // of a heading
  uint16_t state = 0;
  float content_height = 0;  // of a scroll region
  float scroll_y = 0;
  int max_length = 0;                  // of a text box, in characters; 0: any
  const char* input = "";              // of a text box: "number", or "quiet": in semi-bold letters
  std::vector<std::string> options{};  // of a combo box
  int set_size = 0, position = 0;      // of an option in a grid that declares only those in sight; from 1
  bool take_focus = false;             // when it appears or this becomes true
  Rect rect{};                         // CSS px, relative to the parent (a scroll region's children: to its content)
};

class AccessTree {
 public:
  void BeginFrame();
  void Open(AccessId id, const AccessNode& node, uint64_t stamp = 0);
  void Close();
  // Takes the element over from the previous frame, children and all, if it was opened with the same stamp.
  bool Keep(AccessId id, uint64_t stamp);
  // The operations that lead from the previous frame to this one.
  std::string EndFrame();

  const AccessNode* Find(AccessId id) const;
  // The whole tree: {"role":…,"name":…,"rect":[…],"children":[…]}, rectangles relative to the window.
  std::string Dump() const;

 private:
  struct Entry {
    AccessNode node;
    AccessId parent = 0;
    uint64_t stamp = 0;
    uint32_t frame = 0;
    std::vector<AccessId> children, before;
  };
  void Attach(AccessId id);
  void Remove(AccessId id);
  void CloseEntry(AccessId id);
  void DumpEntry(AccessId id, float x, float y, std::string& out) const;

  std::unordered_map<AccessId, Entry> entries_;
  std::vector<AccessId> open_;  // path from the root
  uint32_t frame_ = 0;
  std::string operations_;
};

// FNV-1a over the parent's id and a key: stable from frame to frame.
AccessId MakeAccessId(AccessId parent, std::string_view key);
AccessId MakeAccessId(AccessId parent, int64_t key);

// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace handful::ui
