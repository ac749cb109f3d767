# Everything the scripts in tools/ share. Source this one.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$(dirname "${BASH_SOURCE[0]}")/packages.sh"
. "$(dirname "${BASH_SOURCE[0]}")/sources.sh"
. "$(dirname "${BASH_SOURCE[0]}")/emscripten.sh"
. "$(dirname "${BASH_SOURCE[0]}")/build.sh"
