// A project, its pictures and its trainings' models as one WriteArchive. The engine never packs: whoever keeps the
// store makes the zip.
#pragma once

#include "engine/answer.h"
#include "engine/open_project.h"

namespace handful::engine {

// All of it is to be in the store already.
void ExportProject(const OpenProject& project, const Reply& reply);

}  // namespace handful::engine
