/// A value that a pickle makes.
///
/// Containers, storages and tensors are numbers, their places in a ``Pickle``: so no value lies
/// within another, however deeply a pickle nests them, and cycles do no harm.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case text(String)
  case tuple(Int)
  case dictionary(Int)
  case list
  case name(PickleName)
  case storage(Int)
  case tensor(Int)
  /// A value that no tensor needs, such as a floating-point number.
  case other

  var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  var text: String? {
    if case .text(let value) = self { value } else { nil }
  }
}
