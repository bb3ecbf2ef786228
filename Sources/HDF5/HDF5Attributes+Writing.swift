import CHDF5

/// Writing attributes. Writing an attribute that already exists is an error, but for
/// ``rewrite(_:to:)``.
extension HDF5Attributes {
  /// Writes one string in UTF-8.
  ///
  /// The string has fixed length, which netCDF and xarray read as text. A string that is too long
  /// for an object's header (64 KiB) has variable length and is stored outside the header.
  package func write(_ text: String, to name: String) throws(HDF5Error) {
    let library = attributeCall(name)
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.headerBytes else {
      try write([text], shape: [], to: name)
      return
    }
    // A type cannot have zero bytes: an empty string is one NUL.
    let type = try library.textType(.fixed(bytes: max(bytes.count, 1)), padding: H5T_STR_NULLPAD)
    let attribute = try create(name, type.id, shape: [])
    try library.writeNumbers(
      bytes.isEmpty ? [0] : bytes, to: .attribute(attribute), asText: type, Self.writeOperation)
  }

  /// Writes a string in place of another one of as many bytes, which ``write(_:to:)`` has written.
  ///
  /// The file is then the same as if only this string had been written.
  ///
  /// - Throws: `wrongShape` if the attribute does not have fixed length and as many bytes.
  package func rewrite(_ text: String, to name: String) throws(HDF5Error) {
    let library = attributeCall(name)
    let attribute = try library.open(Self.writeOperation, .writeFailed, closedBy: H5Aclose) {
      H5Aopen(owner.id, name, ch5_default())
    }
    let old = try library.open(Self.writeOperation, .writeFailed, closedBy: H5Tclose) {
      H5Aget_type(attribute.id)
    }
    let bytes = Array(text.utf8)
    let type = try library.textType(.fixed(bytes: max(bytes.count, 1)), padding: H5T_STR_NULLPAD)
    guard Library.locked({ H5Tequal(old.id, type.id) }) > 0 else {
      throw library.error(
        .wrongShape, Self.writeOperation, "it is not a string of \(bytes.count) bytes")
    }
    try library.writeNumbers(
      bytes.isEmpty ? [0] : bytes, to: .attribute(attribute), asText: type, Self.writeOperation)
  }

  /// Writes strings of variable length in UTF-8.
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
  /// The longest string in a header, which leaves space for the name and the rest of the header.
  private static let headerBytes = 60_000

  private func write<T: HDF5Number>(
    _ numbers: [T], shape: [Int], to name: String
  ) throws(HDF5Error) {
    let attribute = try create(name, T.numberKind.memoryType, shape: shape)
    try attributeCall(name).writeNumbers(
      numbers, to: .attribute(attribute), Self.writeOperation)
  }

  private func write(_ texts: [String], shape: [Int], to name: String) throws(HDF5Error) {
    let library = attributeCall(name)
    let type = try library.textType(.variable)
    let attribute = try create(name, type.id, shape: shape)
    try library.writeTexts(texts, to: .attribute(attribute), type: type, Self.writeOperation)
  }

  private func create(_ name: String, _ type: hid_t, shape: [Int]) throws(HDF5Error) -> Handle {
    let library = attributeCall(name)
    let space = try library.space(shape)
    return try library.open(Self.writeOperation, .writeFailed, closedBy: H5Aclose) {
      H5Acreate2(owner.id, name, type, space.id, ch5_default(), ch5_default())
    }
  }
}
