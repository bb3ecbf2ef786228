import NeuralNetwork
import Records
import Tensors

/// One layer of a model's configuration as Keras describes it.
struct LayerConfiguration {
  let name: String
  let className: String
  /// The module of the class, if Keras stored it; it distinguishes layers from plain operations.
  let module: String?
  let options: JSONObject
  let isTrainable: Bool
  /// The name after the names of the models around the layer, such as `proj/dense`.
  let path: String
  /// The version of Keras that wrote the file, if it is known.
  let kerasVersion: String?
  /// The arguments of the layer's call; used only for operations.
  var call = LayerCall()

  /// An error about this layer.
  func error(_ reason: String, remedy: String? = nil) -> ModelError {
    ModelError("the layer '\(path)' (\(className)) \(reason)", remedy: remedy)
  }

  private func wrong(_ option: String, _ expected: String) -> ModelError {
    let value = options[option].map(\.description) ?? "nothing"
    return error("has \(option) = \(value.prefix(60)), where \(expected) is expected")
  }

  func has(_ option: String) -> Bool { options[option].map { !$0.isNull } ?? false }

  func text(_ option: String, default standard: String? = nil) throws(ModelError) -> String {
    if !has(option), let standard { return standard }
    guard let value = options[option]?.string else { throw wrong(option, "a text") }
    return value
  }

  func flag(_ option: String, default standard: Bool) throws(ModelError) -> Bool {
    guard has(option) else { return standard }
    guard let value = options[option]?.boolean else { throw wrong(option, "true or false") }
    return value
  }

  func integer(
    _ option: String, in range: ClosedRange<Int>, default standard: Int? = nil
  ) throws(ModelError) -> Int {
    if !has(option), let standard { return standard }
    guard let value = options[option]?.integer, range.contains(value) else {
      throw wrong(option, "a whole number in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }

  func number(_ option: String, default standard: Double? = nil) throws(ModelError) -> Float {
    if !has(option), let standard { return Float(standard) }
    guard let value = options[option]?.number, Float(value).isFinite else {
      throw wrong(option, "a number")
    }
    return Float(value)
  }

  /// The numbers of an option that is one number or a list of numbers.
  func numbers(_ option: String) throws(ModelError) -> [Float] {
    guard let value = options[option], let numbers = LayerConfiguration.lastAxis(value) else {
      throw wrong(option, "a number or a list of numbers")
    }
    return numbers
  }

  /// A number, or the numbers along the last axis of an array whose other axes have length 1; `nil`
  /// for anything else.
  ///
  /// Keras keeps arrays as lists in lists.
  static func lastAxis(_ value: JSONValue) -> [Float]? {
    if let number = value.number { return Float(number).isFinite ? [Float(number)] : nil }
    // Arrays of NumPy and tensors are objects around the list.
    if let inner = value.object?["config"]?.object?["value"] { return lastAxis(inner) }
    guard let values = value.array, let first = values.first else { return nil }
    if values.count == 1 { return lastAxis(first) }
    var result: [Float] = []
    for value in values {
      guard let number = value.number, Float(number).isFinite else { return nil }
      result.append(Float(number))
    }
    return result
  }

  /// A height and a width, or one number for both.
  func size(
    _ option: String, in range: ClosedRange<Int>, default standard: Size2D? = nil
  ) throws(ModelError) -> Size2D {
    if !has(option), let standard { return standard }
    if let both = options[option]?.integer, range.contains(both) { return Size2D(both) }
    guard let values = options[option]?.array?.map(\.integer), values.count == 2,
      let height = values[0], let width = values[1], range.contains(height), range.contains(width)
    else {
      throw wrong(option, "a height and a width in \(range.lowerBound)...\(range.upperBound)")
    }
    return Size2D(height: height, width: width)
  }

  /// `valid` or `same`.
  func padding(default standard: String = "valid") throws(ModelError) -> Padding {
    switch try text("padding", default: standard).lowercased() {
    case "valid": return .valid
    case "same": return .same
    default: throw wrong("padding", "'valid' or 'same'")
    }
  }

  /// Throws unless the channels are the last axis.
  func requireChannelsLast() throws(ModelError) {
    let format = try text("data_format", default: "channels_last")
    guard format == "channels_last" else {
      throw error(
        "keeps its channels first (data_format '\(format)')",
        remedy: "Build the model with data_format 'channels_last', set the weights, save it again.")
    }
  }

  /// Throws unless an option that is not supported has the value that switches it off.
  func requireOff(_ option: String) throws(ModelError) {
    guard !has(option) || options[option] == .boolean(false) else {
      throw error("uses \(option), which is not supported")
    }
  }
}
