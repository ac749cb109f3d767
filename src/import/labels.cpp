#include "import/labels.h"

#include <cstdlib>

#include "import/file_names.h"
#include "import/json_access.h"

namespace handful::importers {
namespace {

constexpr size_t kMaxClasses = 100'000;

std::vector<std::string> Lines(std::span<const uint8_t> bytes) {
  std::vector<std::string> lines(1);
  for (const uint8_t byte : bytes) {
    if (byte == '\n') {
      lines.emplace_back();
    } else if (byte != '\r') {
      lines.back() += static_cast<char>(byte);
    }
  }
  if (lines[0].starts_with("\xEF\xBB\xBF")) lines[0].erase(0, 3);  // the mark that Windows' editor puts in front
  while (!lines.empty() && lines.back().find_first_not_of(" \t") == std::string::npos) lines.pop_back();
  return lines;
}

// "3 Class D" as line 3.
bool IsNumbered(const std::string& line, size_t index) { return line.starts_with(std::to_string(index) + " "); }

Labels FromText(std::span<const uint8_t> bytes) {
  Labels labels;
  labels.classes = Lines(bytes);
  bool numbered = !labels.classes.empty();
  for (size_t i = 0; i < labels.classes.size(); ++i) numbered = numbered && IsNumbered(labels.classes[i], i);
  if (numbered) {
    for (std::string& name : labels.classes) name.erase(0, name.find(' ') + 1);
  }
  labels.from_teachable_machine = numbered;
  return labels;
}

Status ReadNames(const Json& list, const char* field, std::vector<std::string>& names) {
  for (const Json& name : list) {
    if (!name.is_string()) return Errorf("%s holds something that is not a name at position %zu", field, names.size());
    names.push_back(name.get<std::string>());
  }
  return {};
}

// {"0": ["n01440764", "tench"], …}
Status FromClassIndex(const Json& json, Labels& labels) {
  for (size_t i = 0; i < json.size(); ++i) {
    const Json& entry = Member(json, std::to_string(i).c_str());
    if (!entry.is_array() || entry.size() != 2 || !entry[1].is_string()) {
      return Errorf("entry \"%zu\" is missing or is not a pair of id and name", i);
    }
    std::string name = entry[1].get<std::string>();
    std::ranges::replace(name, '_', ' ');
    labels.classes.push_back(std::move(name));
  }
  labels.title = std::to_string(json.size()) + " things (ImageNet)";
  return {};
}

bool IsClassIndex(const Json& json) { return Member(json, "0").is_array(); }

std::vector<std::string> NumberedClasses(int64_t count) {
  std::vector<std::string> classes;
  for (int64_t i = 1; i <= count; ++i) classes.push_back("class " + std::to_string(i));
  return classes;
}

}  // namespace

bool LooksLikeLabels(const InputFile& file) {
  const std::string name = LowerCase(BaseName(file.name));
  if (name == "labels.txt" || name == "classes.txt") return true;
  if (!name.ends_with(".json")) return false;
  const Json json = ParseJson(file.bytes);
  if (!Member(json, "keras_version").is_null()) return false;  // of a .keras file, which names no classes
  return name == "metadata.json" || name == "labels.json" || Member(json, "labels").is_array() || IsClassIndex(json);
}

Result<Labels> ReadLabels(const InputFile& file) {
  Labels labels;
  if (!LowerCase(file.name).ends_with(".json")) {
    labels = FromText(file.bytes);
  } else {
    const Json json = ParseJson(file.bytes);
    if (json.is_discarded()) return Errorf("it is not sound JSON: it may be cut short");
    if (IsClassIndex(json)) {
      HANDFUL_TRY(FromClassIndex(json, labels));
    } else {
      const Json& list = json.is_array() ? json : Member(json, "labels");
      if (!list.is_array()) return Errorf("its field \"labels\" is not a list");
      HANDFUL_TRY(ReadNames(list, "field \"labels\"", labels.classes));
      labels.title = TextOr(Member(json, "modelName"), "");
      labels.facts = FactsFrom(Member(json, "handful"));
      if (const Json& side = Member(json, "imageSize"); side.is_number_unsigned() && side.get<uint64_t>() <= 65536) {
        labels.input_side = static_cast<int>(side.get<uint64_t>());
      }
      labels.grayscale = Member(json, "grayscale") == true;
      labels.from_teachable_machine =
          TextOr(Member(json, "packageName"), "").find("teachablemachine") != std::string::npos;
    }
  }
  if (labels.classes.size() > kMaxClasses)
    return Errorf("it names %zu classes, at most %zu are read", labels.classes.size(), kMaxClasses);
  return labels;
}

void NameClasses(const Labels& labels, int64_t outputs, ImportedModel& imported) {
  if (static_cast<int64_t>(labels.classes.size()) == outputs) {
    imported.model.classes = labels.classes;
    return;
  }
  imported.model.classes = NumberedClasses(outputs);
  imported.warning =
      labels.classes.empty()
          ? Format("no labels.txt or metadata.json came with it: its classes are called \"class 1\" to \"class %lld\"",
                   static_cast<long long>(outputs))
          : Format(
                "the labels name %zu classes, but the model has %lld outputs: they are called \"class 1\" to \"class "
                "%lld\"",
                labels.classes.size(), static_cast<long long>(outputs), static_cast<long long>(outputs));
}

}  // namespace handful::importers
