import CHDF5

/// Dimension scales, by which netCDF and xarray know the names and coordinates of axes.
extension HDF5Dataset {
  /// Makes the dataset the coordinates of a dimension of this name.
  package func makeScale(named name: String) throws(HDF5Error) {
    try door.call("make a dimension scale of", .writeFailed) { H5DSset_scale(handle.id, name) }
  }

  /// Names an axis by a dataset that was made a scale.
  package func attachScale(_ scale: HDF5Dataset, toAxis axis: Int) throws(HDF5Error) {
    try checkAxis(axis)
    try door.call("attach the scale \(scale.path) to", .writeFailed) {
      H5DSattach_scale(handle.id, scale.handle.id, UInt32(axis))
    }
  }

  /// The paths of the scales of an axis.
  package func scalePaths(axis: Int) throws(HDF5Error) -> [String] {
    try checkAxis(axis)
    if let reader {
      var request = ReadRequest(.scalePaths, path)
      request.number = axis
      return try reader.texts(request, door, "list the scales of")
    }
    return try door.scalePaths(of: handle, axis: axis)
  }

  private func checkAxis(_ axis: Int) throws(HDF5Error) {
    guard shape.indices.contains(axis) else {
      throw door.error(
        .wrongShape, "name axis \(axis) of", "it has \(shape.count) axes, numbered from 0")
    }
  }
}
