import CHDF5

extension HDF5NumberKind {
  /// The library's predefined type with this layout, which must not be closed.
  ///
  /// The memory type of a transfer is always one of these, never the type of the file: `float64`
  /// elements that are read with their own type would overrun an array of `Float`.
  var memoryType: hid_t {
    switch self {
    case .int8: ch5_native_int8()
    case .uint8: ch5_native_uint8()
    case .int16: ch5_native_int16()
    case .uint16: ch5_native_uint16()
    case .int32: ch5_native_int32()
    case .uint32: ch5_native_uint32()
    case .int64: ch5_native_int64()
    case .uint64: ch5_native_uint64()
    case .float: ch5_native_float()
    case .double: ch5_native_double()
    }
  }
}

extension HDF5ElementType {
  /// Classifies a type in a file.
  init(_ type: Handle) {
    self = Library.locked {
      let bytes = H5Tget_size(type.id)
      switch H5Tget_class(type.id) {
      case H5T_INTEGER:
        return .integer(bytes: bytes, signed: H5Tget_sign(type.id) == H5T_SGN_2)
      case H5T_ENUM:
        // The library converts enumerations to integers, which makes h5py's booleans readable.
        return Self.isBoolean(type) ? .boolean : .integer(bytes: bytes, signed: true)
      case H5T_FLOAT: return .float(bytes: bytes)
      case H5T_STRING: return .string
      default: return .other
      }
    }
  }

  /// Whether an enumeration is the type with which h5py stores booleans.
  private static func isBoolean(_ type: Handle) -> Bool {
    guard H5Tget_size(type.id) == 1, H5Tget_nmembers(type.id) == 2 else { return false }
    return [("FALSE", 0), ("TRUE", 1)].allSatisfy { name, number in
      var value: UInt8 = .max
      let index = H5Tget_member_index(type.id, name)
      return index >= 0 && H5Tget_member_value(type.id, UInt32(index), &value) >= 0
        && value == number
    }
  }
}

/// The layout of strings in memory.
enum TextLayout {
  case variable
  /// Strings of a fixed number of bytes each, padded with NUL or spaces.
  case fixed(bytes: Int)
}

extension LibraryCall {
  /// Makes a type for strings.
  ///
  /// The library does not convert between character sets, so a read has to use that of the file.
  func textType(
    _ layout: TextLayout, characters: H5T_cset_t = H5T_CSET_UTF8,
    padding: H5T_str_t = H5T_STR_NULLTERM
  ) throws(HDF5Error) -> Handle {
    let type = try open("prepare", .wrongType, closedBy: H5Tclose) { H5Tcopy(ch5_c_string()) }
    try call("prepare", .wrongType) {
      switch layout {
      case .variable: ch5_set_variable_size(type.id)
      case .fixed(let bytes): H5Tset_size(type.id, bytes)
      }
    }
    try call("prepare", .wrongType) { H5Tset_cset(type.id, characters) }
    try call("prepare", .wrongType) { H5Tset_strpad(type.id, padding) }
    return type
  }

  /// The layout of strings in a file, and a matching memory type.
  func textType(like fileType: Handle) throws(HDF5Error) -> (layout: TextLayout, type: Handle) {
    let isVariable = try call("read the type of", .readFailed) {
      H5Tis_variable_str(fileType.id)
    }
    let layout: TextLayout =
      isVariable > 0 ? .variable : .fixed(bytes: Library.locked { H5Tget_size(fileType.id) })
    let (characters, padding) = Library.locked {
      (H5Tget_cset(fileType.id), H5Tget_strpad(fileType.id))
    }
    return (layout, try textType(layout, characters: characters, padding: padding))
  }
}
