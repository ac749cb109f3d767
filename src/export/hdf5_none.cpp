// WriteHdf5 where neither libhdf5 nor the program brings one: as import/hdf5_none.cpp.
#ifndef HANDFUL_HAVE_HDF5

#include "export/hdf5.h"

namespace handful::exporters {

bool CanWriteHdf5() { return false; }

Result<std::vector<uint8_t>> WriteHdf5(const nn::TensorFile&) {
  return Errorf("this program has no HDF5 library to write such files with");
}

}  // namespace handful::exporters

#endif
