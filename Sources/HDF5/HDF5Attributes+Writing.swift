import CHDF5

/// Writing an attribute that exists already is an error.
extension HDF5Attributes {
  /// Writes one text in UTF-8.
  ///
  /// Of fixed length, which is what netCDF and xarray take for text. A text that is too long for an
  /// object's header (64 KiB) is written with variable length, which lies outside the header.
  package func write(_ text: String, to name: String) throws(HDF5Error) {
    let door = attributeDoor(name)
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.headerBytes else {
      try write([text], shape: [], to: name)
      return
    }
    // No type has zero bytes: an empty text is one NUL.
    let type = try door.textType(.fixed(bytes: max(bytes.count, 1)), padding: H5T_STR_NULLPAD)
    let attribute = try create(name, type.id, shape: [])
    try door.writeNumbers(
      bytes.isEmpty ? [0] : bytes, to: .attribute(attribute), asText: type, Self.writeOperation)
  }

  /// Writes texts of variable length in UTF-8.
  package func write(_ texts: [String], to name: String) throws(HDF5Error) {
    try write(texts, shape: [texts.count], to: name)
  }

  /// Writes one number as a scalar.
  package func write<T: HDF5Number>(_ number: T, to name: String) throws(HDF5Error) {
    try write([number], shape: [], to: name)
  }

  /// Writes numbers along one axis.
  package func write<T: HDF5Number>(_ numbers: [T], to name: String) throws(HDF5Error) {
    try write(numbers, shape: [numbers.count], to: name)
  }

  private static let writeOperation = "write the attribute"
  /// Leaves room for the name and the rest of the header.
  private static let headerBytes = 60_000

  private func write<T: HDF5Number>(
    _ numbers: [T], shape: [Int], to name: String
  ) throws(HDF5Error) {
    let attribute = try create(name, T.numberKind.memoryType, shape: shape)
    try attributeDoor(name).writeNumbers(
      numbers, to: .attribute(attribute), Self.writeOperation)
  }

  private func write(_ texts: [String], shape: [Int], to name: String) throws(HDF5Error) {
    let door = attributeDoor(name)
    let type = try door.textType(.variable)
    let attribute = try create(name, type.id, shape: shape)
    try door.writeTexts(texts, to: .attribute(attribute), type: type, Self.writeOperation)
  }

  private func create(_ name: String, _ type: hid_t, shape: [Int]) throws(HDF5Error) -> Handle {
    let door = attributeDoor(name)
    let space = try door.space(shape)
    return try door.open(Self.writeOperation, .writeFailed, closedBy: H5Aclose) {
      H5Acreate2(owner.id, name, type, space.id, ch5_default(), ch5_default())
    }
  }
}
