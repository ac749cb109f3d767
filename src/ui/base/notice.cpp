#include "ui/base/notice.h"

#include "ui/toolkit/words.h"

namespace handful::ui {

std::string SentenceOf(const schema::Failed& failed) {
  const bool named = failed.name.empty() || failed.message.find(failed.name) != std::string::npos;
  return Sentence(named ? failed.message : failed.name + ": " + failed.message);
}

}  // namespace handful::ui
