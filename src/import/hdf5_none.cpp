// ReadHdf5 where neither libhdf5 nor the program brings one (platform/web/hdf5_in_javascript.cpp does): in a library,
// the linker takes this file only if nobody else has it.
#ifndef HANDFUL_HAVE_HDF5

#include "import/hdf5.h"

namespace handful::importers {

Result<nn::TensorFile> ReadHdf5(std::span<const uint8_t>) {
  return Errorf("HDF5 files must be turned into safetensors before this program can read them");
}

}  // namespace handful::importers

#endif
