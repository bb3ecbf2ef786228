/// What the elements of a dataset are in the file.
package enum HDF5ElementType: Sendable, Hashable {
  /// Integers; h5py's booleans (an enumeration over `int8`) count as these.
  case integer(bytes: Int, signed: Bool)
  case float(bytes: Int)
  /// Texts, of fixed or variable length.
  case string
  /// Anything else: compounds, opaque bytes, references.
  case other

  package var isNumber: Bool {
    switch self {
    case .integer, .float: true
    case .string, .other: false
    }
  }
}

extension HDF5ElementType: CustomStringConvertible {
  /// NumPy's name where it has one, such as `uint8` or `float32`.
  package var description: String {
    switch self {
    case .integer(let bytes, let signed): (signed ? "int" : "uint") + "\(bytes * 8)"
    case .float(let bytes): "float\(bytes * 8)"
    case .string: "string"
    case .other: "neither numbers nor strings"
    }
  }
}
