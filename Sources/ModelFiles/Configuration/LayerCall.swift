import Records

/// The arguments of a layer's call: outputs of other layers and, for operations, constants.
struct LayerCall {
  enum Argument {
    /// The output of a layer, by its position among the inputs.
    case input(Int)
    case constant(JSONValue)
  }

  /// The arguments in order: first those without a name, then those with one.
  private(set) var arguments: [(name: String?, value: Argument)] = []

  mutating func append(_ value: Argument, named name: String? = nil) {
    arguments.append((name, value))
  }

  /// The constant that is given under a name.
  func constant(_ name: String) -> JSONValue? {
    for case (name, .constant(let value)) in arguments { return value }
    return nil
  }
}
