import CHDF5

/// The attributes of a group or dataset: small named values.
package struct HDF5Attributes {
  let owner: Handle
  /// Kept so that the file stays open.
  let file: Handle
  let library: LibraryCall
  /// The reader if another process has the file open, and the kind of the owner there.
  let reader: (client: ReaderClient, owner: ReadRequest.Owner)?

  package func contains(_ name: String) throws(HDF5Error) -> Bool {
    if let reader {
      let request = request(.containsAttribute, name, reader.owner)
      return try reader.client.truth(of: request, library, "look for the attribute '\(name)' of")
    }
    return try library.call("look for the attribute '\(name)' of", .readFailed) {
      H5Aexists(owner.id, name)
    } > 0
  }

  /// The names of all attributes, sorted.
  package func names() throws(HDF5Error) -> [String] {
    if let reader {
      let request = request(.attributeNames, "", reader.owner)
      return try reader.client.texts(request, library, "list the attributes of")
    }
    return try library.attributeNames(of: owner)
  }

  /// Reads an attribute of one string.
  package func readString(_ name: String) throws(HDF5Error) -> String {
    try one(readStrings(name), of: name)
  }

  /// Reads the strings of an attribute, in C order.
  package func readStrings(_ name: String) throws(HDF5Error) -> [String] {
    if let reader {
      let request = request(.attributeStrings, name, reader.owner)
      return try reader.client.texts(request, attributeCall(name), Self.readOperation)
    }
    let attribute = try open(name)
    guard attribute.elementType == .string else {
      throw attribute.library.error(
        .wrongType, Self.readOperation, "its elements are \(attribute.elementType), not strings")
    }
    let count = try attribute.count(
      elementBytes: Library.locked { H5Tget_size(attribute.type.id) }, Self.readOperation)
    return try attribute.library.readTexts(
      count, fileType: attribute.type, space: attribute.space, from: .attribute(attribute.handle),
      Self.readOperation)
  }

  /// Reads an attribute of one number.
  package func readNumber<T: HDF5Number>(_ name: String, as type: T.Type) throws(HDF5Error) -> T {
    try one(readNumbers(name, as: type), of: name)
  }

  /// Reads the numbers of an attribute, in C order, converted to `T` by HDF5.
  package func readNumbers<T: HDF5Number>(
    _ name: String, as type: T.Type
  ) throws(HDF5Error) -> [T] {
    if let reader {
      var request = request(.attributeNumbers, name, reader.owner)
      request.kind = T.numberKind
      return try reader.client.numbers(
        request, as: type, attributeCall(name), Self.readOperation)
    }
    let (attribute, count) = try openNumbers(name, as: T.numberKind)
    return try attribute.library.readNumbers(
      count, as: type, from: .attribute(attribute.handle), Self.readOperation)
  }

  /// Reads the numbers of an attribute as their bytes in memory.
  func readBytes(of name: String, as kind: HDF5NumberKind) throws(HDF5Error) -> [UInt8] {
    let (attribute, count) = try openNumbers(name, as: kind)
    return try attribute.library.readBytes(
      count, as: kind, from: .attribute(attribute.handle), Self.readOperation)
  }

  private func openNumbers(
    _ name: String, as kind: HDF5NumberKind
  ) throws(HDF5Error) -> (OpenAttribute, count: Int) {
    let attribute = try open(name)
    guard attribute.elementType.isNumber else {
      throw attribute.library.error(
        .wrongType, Self.readOperation, "its elements are \(attribute.elementType), not numbers")
    }
    return (attribute, try attribute.count(elementBytes: kind.bytes, Self.readOperation))
  }

  private func request(
    _ operation: ReadRequest.Operation, _ name: String, _ owner: ReadRequest.Owner
  ) -> ReadRequest {
    var request = ReadRequest(operation, library.objectPath)
    request.attribute = name
    request.owner = owner
    return request
  }

  private static let readOperation = "read the attribute"

  private func one<T>(_ values: [T], of name: String) throws(HDF5Error) -> T {
    guard values.count == 1 else {
      throw attributeCall(name).error(
        .wrongShape, Self.readOperation, "it has \(values.count) elements instead of one")
    }
    return values[0]
  }

  func attributeCall(_ name: String) -> LibraryCall { library.to(library.objectPath + "@" + name) }

  private func open(_ name: String) throws(HDF5Error) -> OpenAttribute {
    let library = attributeCall(name)
    guard try contains(name) else {
      let names = try names().joined(separator: ", ")
      throw library.error(
        .objectMissing, Self.readOperation,
        "there is no such attribute; "
          + (names.isEmpty ? "there are none" : "there are \(names)"))
    }
    let handle = try library.open(Self.readOperation, .readFailed, closedBy: H5Aclose) {
      H5Aopen(owner.id, name, ch5_default())
    }
    return try OpenAttribute(handle: handle, library: library)
  }
}

/// An open attribute with its type and dataspace.
private struct OpenAttribute {
  let handle: Handle
  let library: LibraryCall
  let type: Handle
  let space: Handle

  init(handle: Handle, library: LibraryCall) throws(HDF5Error) {
    self.handle = handle
    self.library = library
    type = try library.open("read the type of", .readFailed, closedBy: H5Tclose) {
      H5Aget_type(handle.id)
    }
    space = try library.open("read the shape of", .readFailed, closedBy: H5Sclose) {
      H5Aget_space(handle.id)
    }
  }

  var elementType: HDF5ElementType { HDF5ElementType(type) }

  func count(elementBytes: Int, _ operation: String) throws(HDF5Error) -> Int {
    let stored = Library.locked { Int(clamping: H5Aget_storage_size(handle.id)) }
    return try library.checkedCount(
      of: library.shape(of: space), elementBytes: elementBytes, stored: stored, operation)
  }
}
