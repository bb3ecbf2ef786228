import Records

/// The loss that a model was compiled with, as its file names it.
package struct TrainingLoss: Sendable, Hashable {
  /// The name in the file, such as `mean_squared_error` or `BinaryCrossentropy`.
  package let name: String

  /// The letters of the name in lower case: Keras spells functions and classes differently.
  private var key: String { name.lowercased().filter(\.isLetter) }

  /// Whether the loss is one of regression, not of classification.
  package var isOfNumbers: Bool {
    let names: Set = [
      "mse", "mae", "mape", "msle", "huber", "huberloss", "logcosh", "meansquarederror",
      "meanabsoluteerror", "meanabsolutepercentageerror", "meansquaredlogarithmicerror",
    ]
    return names.contains(key)
  }

  /// Whether the loss is one of binary classification, which trains every output to say yes or no.
  package var isBinary: Bool {
    ["binarycrossentropy", "binaryfocalcrossentropy", "bce"].contains(key)
  }

  /// - Parameter compilation: the arguments of `compile` as Keras stores them, with the loss as a
  ///   name or an object.
  init?(_ compilation: JSONValue?) {
    guard let loss = compilation?.object?["loss"] else { return nil }
    // A function is stored with its name in place of settings.
    let object = loss.object
    let function = object?["class_name"]?.string == "function" ? object?["config"]?.string : nil
    guard let name = loss.string ?? function ?? object?["class_name"]?.string else { return nil }
    self.name = name
  }
}
