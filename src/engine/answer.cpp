#include "engine/answer.h"

#include "engine/convert.h"

namespace handful::engine {

schema::Failed FailureOf(int64_t id, const char* command, const std::string& name, const Status& why) {
  return {id, command, name, why.message(), PhrasesOf(why)};
}

}  // namespace handful::engine
