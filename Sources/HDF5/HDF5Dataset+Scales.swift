import CHDF5

/// Dimension scales, from which netCDF and xarray take the names and coordinates of axes.
extension HDF5Dataset {
  /// Makes the dataset the coordinates of a dimension with a name.
  package func makeScale(named name: String) throws(HDF5Error) {
    try library.call("make a dimension scale of", .writeFailed) { H5DSset_scale(handle.id, name) }
  }

  /// Attaches a dimension scale to an axis, which gives the axis its name.
  package func attachScale(_ scale: HDF5Dataset, toAxis axis: Int) throws(HDF5Error) {
    try checkAxis(axis)
    try library.call("attach the scale \(scale.path) to", .writeFailed) {
      H5DSattach_scale(handle.id, scale.handle.id, UInt32(axis))
    }
  }

  /// The paths of the scales of an axis.
  package func scalePaths(axis: Int) throws(HDF5Error) -> [String] {
    try checkAxis(axis)
    if let reader {
      var request = ReadRequest(.scalePaths, path)
      request.number = axis
      return try reader.texts(request, library, "list the scales of")
    }
    return try library.scalePaths(of: handle, axis: axis)
  }

  private func checkAxis(_ axis: Int) throws(HDF5Error) {
    guard shape.indices.contains(axis) else {
      throw library.error(
        .wrongShape, "name axis \(axis) of", "it has \(shape.count) axes, numbered from 0")
    }
  }
}
