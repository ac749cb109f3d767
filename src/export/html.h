// One HTML file that classifies the camera and dropped pictures offline: the site's offline page (web/offline), which
// has the engine inside, with the model, what it needs to be known and the golden pictures put into it.
#pragma once

#include "export/export.h"

namespace handful::exporters {

// Errors: the page is missing, or has no places for them.
Result<Files> WriteHtml(const Material& material);
// Finds the model in the page again and runs it as Handful runs it: the engine inside is Handful's own.
Result<std::vector<Probabilities>> ReadHtml(const Files& files, Squares squares);

}  // namespace handful::exporters
