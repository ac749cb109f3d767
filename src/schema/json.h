// Messages ↔ JSON text. Unknown fields are ignored, missing ones keep their defaults, wrong types are errors that name
// the field.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "schema/messages.h"

namespace handful::schema {

std::string ToJson(const Command& command);
std::string ToJson(const Event& event);
std::string ToJson(const TrainSettings& settings);
std::string ToJson(const ModelInfo& info);
std::string ToJson(const SampleInfo& info);
std::string ToJson(const ProjectInfo& info);
std::string ToJson(const TrainingInfo& info);
std::string ToJson(const EditInfo& info);
std::string ToJson(const ProjectFile& file);

Result<Command> CommandFromJson(std::string_view text);
// The answer to a command that CommandFromJson refused, with its type and id as far as they can be read.
Failed NotUnderstood(std::string_view text, const Status& why);
Result<Event> EventFromJson(std::string_view text);
Result<SampleInfo> SampleFromJson(std::string_view text);
Result<ProjectInfo> ProjectFromJson(std::string_view text);
Result<TrainingInfo> TrainingFromJson(std::string_view text);
Result<EditInfo> EditFromJson(std::string_view text);
Result<ProjectFile> ProjectFileFromJson(std::string_view text);

// The TypeScript declarations of all of them: web/engine/messages.d.ts.
std::string TypeScriptDeclarations();

}  // namespace handful::schema
