import HDF5

/// Everything that can be read from a file, as lines of text; errors are lines as well.
struct Inventory {
  private(set) var lines: [String] = []

  init(of root: HDF5Group) {
    add("dataset paths") { () throws(HDF5Error) in try root.datasetPaths() }
    visit(root, depth: 0)
  }

  private mutating func visit(_ group: HDF5Group, depth: Int) {
    lines.append("group \(group.path)")
    add(group.attributes)
    // The fixtures are three levels deep.
    guard depth < 6, let names = try? group.childNames() else { return }
    lines.append("children \(names)")
    for name in names + ["missing", "missing/below", "/", ".", ""] {
      add("contains \(name)") { () throws(HDF5Error) in try group.contains(name) }
      add("group \(name)") { () throws(HDF5Error) in try group.group(name).path }
      add("dataset \(name)") { () throws(HDF5Error) in try group.dataset(name).path }
      if let dataset = try? group.dataset(name) { add(dataset) }
    }
    for name in names {
      if let child = try? group.group(name) { visit(child, depth: depth + 1) }
    }
  }

  private mutating func add(_ dataset: HDF5Dataset) {
    lines.append("\(dataset.filePath) \(dataset.path) \(dataset.shape) \(dataset.elementType)")
    add(dataset.attributes)
    add("strings") { () throws(HDF5Error) in try dataset.readStrings() }
    add("opaque") { () throws(HDF5Error) in try dataset.readOpaque(elementBytes: 2) }
    add("scales") { () throws(HDF5Error) in try dataset.scalePaths(axis: 0) }
    add("no such scales") { () throws(HDF5Error) in try dataset.scalePaths(axis: 9) }
    for rows in [0..<0, 0..<1, 1..<3, 2..<100] {
      add("rows \(rows)") { () throws(HDF5Error) in try dataset.readRows(rows, as: Int.self) }
    }
    add("int8") { () throws(HDF5Error) in try dataset.read(as: Int8.self) }
    add("uint8") { () throws(HDF5Error) in try dataset.read(as: UInt8.self) }
    add("int16") { () throws(HDF5Error) in try dataset.read(as: Int16.self) }
    add("uint16") { () throws(HDF5Error) in try dataset.read(as: UInt16.self) }
    add("int32") { () throws(HDF5Error) in try dataset.read(as: Int32.self) }
    add("uint32") { () throws(HDF5Error) in try dataset.read(as: UInt32.self) }
    add("int64") { () throws(HDF5Error) in try dataset.read(as: Int64.self) }
    add("uint64") { () throws(HDF5Error) in try dataset.read(as: UInt64.self) }
    add("float") { () throws(HDF5Error) in try dataset.read(as: Float.self) }
    add("double") { () throws(HDF5Error) in try dataset.read(as: Double.self) }
  }

  private mutating func add(_ attributes: HDF5Attributes) {
    add("names") { () throws(HDF5Error) in try attributes.names() }
    for name in ((try? attributes.names()) ?? []) + ["missing"] {
      add("has \(name)") { () throws(HDF5Error) in try attributes.contains(name) }
      add("text \(name)") { () throws(HDF5Error) in try attributes.readString(name) }
      add("texts \(name)") { () throws(HDF5Error) in try attributes.readStrings(name) }
      add("number \(name)") { () throws(HDF5Error) in
        try attributes.readNumber(name, as: Double.self)
      }
      add("numbers \(name)") { () throws(HDF5Error) in
        try attributes.readNumbers(name, as: Int16.self)
      }
    }
  }

  private mutating func add<Value>(_ name: String, _ body: () throws(HDF5Error) -> Value) {
    do {
      lines.append("\(name): \(try body())")
    } catch {
      lines.append("\(name): \(error.code): \(error)")
    }
  }
}
