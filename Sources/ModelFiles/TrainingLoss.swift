/// The loss that a model was compiled with, as its file tells it.
package struct TrainingLoss: Sendable, Hashable {
  /// As the file has it, such as `mean_squared_error` or `BinaryCrossentropy`.
  package let name: String

  /// Letters in lower case: Keras writes functions and classes in different ways.
  private var key: String { name.lowercased().filter(\.isLetter) }

  /// Whether outputs were to come near numbers, not classes.
  package var isOfNumbers: Bool {
    let names: Set = [
      "mse", "mae", "mape", "msle", "huber", "huberloss", "logcosh", "meansquarederror",
      "meanabsoluteerror", "meanabsolutepercentageerror", "meansquaredlogarithmicerror",
    ]
    return names.contains(key)
  }

  /// Whether every output was trained to answer yes or no.
  package var isBinary: Bool {
    ["binarycrossentropy", "binaryfocalcrossentropy", "bce"].contains(key)
  }

  /// - Parameter compilation: what Keras notes of `compile`: a loss by its name, or as an object.
  init?(_ compilation: JSONValue?) {
    guard let loss = compilation?.object?["loss"] else { return nil }
    // A function is noted with its name in place of settings.
    let object = loss.object
    let function = object?["class_name"]?.string == "function" ? object?["config"]?.string : nil
    guard let name = loss.string ?? function ?? object?["class_name"]?.string else { return nil }
    self.name = name
  }
}
