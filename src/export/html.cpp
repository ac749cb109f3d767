#include "export/html.h"

#include <string_view>

#include "base/base64.h"
#include "export/common_files.h"
#include "image/encode.h"
#include "nn/model.h"

namespace handful::exporters {
namespace {

constexpr std::string_view kModelPlace = "@HANDFUL_MODEL@", kDescriptionPlace = "@HANDFUL_DESCRIPTION@",
                           kGoldenPlace = "@HANDFUL_GOLDEN@";
constexpr std::string_view kModelBegin = "<script type=\"application/octet-stream\" id=\"model\">";
constexpr std::string_view kEnd = "</script>";

Status Put(std::string& page, std::string_view place, const std::string& text) {
  const size_t at = page.find(place);
  if (at == std::string::npos) return Errorf("the offline page has no place \"%s\"", std::string(place).c_str());
  page.replace(at, place.size(), text);
  return {};
}

// "<" cannot end the script that JSON stands in.
std::string InScript(std::string json) {
  for (size_t at = json.find('<'); at != std::string::npos; at = json.find('<', at)) json.replace(at, 1, "\\u003c");
  return json;
}

}  // namespace

Result<Files> WriteHtml(const Material& material) {
  if (material.offline_page.empty()) {
    return Errorf("the offline page is missing, which the single file is made from: build the site first");
  }
  std::string page(material.offline_page.begin(), material.offline_page.end());
  std::string golden;
  for (const Golden& picture : material.golden) {
    Result<std::vector<uint8_t>> png = image::EncodePng(*picture.square);
    if (!png.ok()) return png.status();
    golden += (golden.empty() ? "\"" : ",\n\"") + Base64(*png) + "\"";
  }
  HANDFUL_TRY(Put(page, kDescriptionPlace, InScript(DescriptionJson("html", material.model.input_range, material))));
  HANDFUL_TRY(Put(page, kGoldenPlace, "[" + golden + "]"));
  HANDFUL_TRY(Put(page, kModelPlace, Base64(nn::WriteModel(material.model))));
  return Files{TextFile("classify.html", page)};
}

Result<std::vector<Probabilities>> ReadHtml(const Files& files, Squares squares) {
  if (files.size() != 1) return Errorf("%zu files are there, not one", files.size());
  const std::string_view page(reinterpret_cast<const char*>(files[0].bytes.data()), files[0].bytes.size());
  const size_t begin = page.find(kModelBegin);
  const size_t end = begin == std::string_view::npos ? begin : page.find(kEnd, begin);
  if (end == std::string_view::npos) return Errorf("%s holds no model", files[0].name.c_str());
  Result<std::vector<uint8_t>> bytes =
      FromBase64(page.substr(begin + kModelBegin.size(), end - begin - kModelBegin.size()));
  if (!bytes.ok()) return bytes.status();
  return ReadByImporting({{"model.safetensors", *std::move(bytes)}}, squares);
}

}  // namespace handful::exporters
