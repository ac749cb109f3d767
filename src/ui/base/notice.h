// Sentences for the visitor. Who has one to say is given a Notify; the frame keeps and shows them.
#pragma once

#include <functional>
#include <string>

#include "schema/messages.h"

namespace handful::ui {

enum class NoticeKind { kInfo, kWarning, kError };
using Notify = std::function<void(NoticeKind, std::string)>;

// What went wrong, as a sentence that names the file.
std::string SentenceOf(const schema::Failed& failed);

}  // namespace handful::ui
