// What leaves with a model: the model that answers, and pictures of its project that it is proved and calibrated with.
#pragma once

#include "engine/models.h"
#include "engine/workspace.h"

namespace handful::engine {

// Answers with ModelMaterial.
void GatherModel(Models& models, const Workspace& workspace, const Reply& reply);

}  // namespace handful::engine
