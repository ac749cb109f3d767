# HDF5, the system's package, for reading Keras .h5 files natively: target hdf5::hdf5 (C API). Whoever links it sees
# HANDFUL_HAVE_HDF5=1.
find_package(HDF5 REQUIRED COMPONENTS C)
if(NOT TARGET hdf5::hdf5)
  message(FATAL_ERROR "CMake found no HDF5 C library (Debian: libhdf5-dev).")
endif()
target_compile_definitions(hdf5::hdf5 INTERFACE HANDFUL_HAVE_HDF5=1)
