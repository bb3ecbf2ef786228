/// The type of the elements of a dataset in the file.
package enum HDF5ElementType: Sendable, Hashable {
  /// Integers, including enumerations.
  case integer(bytes: Int, signed: Bool)
  /// Booleans as h5py writes them: an enumeration of FALSE = 0 and TRUE = 1, read as numbers.
  case boolean
  case float(bytes: Int)
  /// Strings of fixed or variable length.
  case string
  /// Anything else: compounds, opaque bytes, references.
  case other

  package var isNumber: Bool {
    switch self {
    case .integer, .boolean, .float: true
    case .string, .other: false
    }
  }
}

extension HDF5ElementType: CustomStringConvertible {
  /// NumPy's name of the type if it has one, such as `uint8` or `float32`.
  package var description: String {
    switch self {
    case .integer(let bytes, let signed): (signed ? "int" : "uint") + "\(bytes * 8)"
    case .boolean: "bool"
    case .float(let bytes): "float\(bytes * 8)"
    case .string: "string"
    case .other: "of an unsupported type"
    }
  }
}
