import NeuralNetwork
import Records

extension JSONValue {
  /// A height and a width as Keras writes them.
  static func size(_ size: Size2D) -> JSONValue { .integers([size.height, size.width]) }

  /// An array of whole numbers.
  static func integers(_ values: [Int]) -> JSONValue { .array(values.map { .integer($0) }) }

  /// The number as people write a `Float`: 0.99 rather than 0.9900000095367432.
  static func float(_ value: Float) -> JSONValue { .number(Double("\(value)") ?? Double(value)) }
}
