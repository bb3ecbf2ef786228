import NeuralNetwork
import Records
import Tensors

/// Layers that only move values: `Flatten`, `Reshape`, `ZeroPadding2D`, `Cropping2D` and
/// `UpSampling2D`.
enum ShapeFamily: LayerFamily {
  static let classes: Set = [
    "Flatten", "Reshape", "ZeroPadding2D", "Cropping2D", "UpSampling2D",
  ]

  private static let widestPadding = 4_096

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    switch layer.className {
    case "Flatten":
      try layer.requireChannelsLast()
      var plan = LayerPlan.single(Flatten())
      plan.yieldsVector = true
      return plan
    case "Reshape": return try reshape(layer, inputs)
    case "ZeroPadding2D":
      let sides = try sides("padding", of: layer, default: 1)
      return .single(
        ZeroPadding2D(top: sides[0], left: sides[2], bottom: sides[1], right: sides[3]))
    case "Cropping2D":
      let sides = try sides("cropping", of: layer, default: 0)
      return .single(
        Cropping2D(top: sides[0], left: sides[2], bottom: sides[1], right: sides[3]))
    default:
      try layer.requireChannelsLast()
      let size = try layer.size("size", in: LayerFamilies.strides, default: Size2D(2))
      switch try layer.text("interpolation", default: "nearest") {
      case "nearest": return .single(UpSampling2D(size: size, interpolation: .nearest))
      case "bilinear": return .single(UpSampling2D(size: size, interpolation: .bilinear))
      case let other: throw layer.error("interpolates by '\(other)', which is not supported")
      }
    }
  }

  private static func reshape(
    _ layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    let count = inputs.first?.image.count ?? 0
    let listed = layer.options["target_shape"]?.array ?? []
    var sides = listed.compactMap(\.integer)
    guard sides.count == listed.count, sides.count == 1 || sides.count == 3,
      sides.allSatisfy({ $0 == -1 || (1...(1 << 28)).contains($0) })
    else {
      let target = layer.options["target_shape"].map(\.description) ?? "nothing"
      throw layer.error("has the target shape \(target), which is neither a vector nor an image")
    }
    let open = sides.indices.filter { sides[$0] == -1 }
    let known = sides.filter { $0 != -1 }.reduce(1) { product, side in
      let (next, overflows) = product.multipliedReportingOverflow(by: side)
      return overflows ? 0 : next
    }
    if open.count == 1, known > 0, count % known == 0 { sides[open[0]] = count / known }
    guard open.count <= 1, !sides.contains(-1), known > 0, sides.reduce(1, *) == count else {
      throw layer.error("cannot arrange \(count) values as \(listed.map(\.description))")
    }
    let shape =
      sides.count == 1
      ? ImageShape(height: 1, width: 1, channels: sides[0])
      : ImageShape(height: sides[0], width: sides[1], channels: sides[2])
    var plan = LayerPlan.single(Reshape(to: shape, isVector: sides.count == 1))
    plan.yieldsVector = sides.count == 1
    return plan
  }

  /// The numbers that an option gives for rows at the top and bottom and columns at the left and
  /// right.
  private static func sides(
    _ option: String, of layer: LayerConfiguration, default standard: Int
  ) throws(ModelError) -> [Int] {
    try layer.requireChannelsLast()
    let value = layer.options[option] ?? .integer(standard)
    func pair(_ value: JSONValue) -> [Int]? {
      if let both = value.integer { return [both, both] }
      let sides = value.array?.map(\.integer) ?? []
      return sides.count == 2 ? sides.compactMap { $0 } : nil
    }
    let sides: [Int]
    if let all = value.integer {
      sides = [all, all, all, all]
    } else {
      sides = (value.array ?? []).compactMap(pair).flatMap { $0 }
    }
    guard sides.count == 4, sides.allSatisfy({ (0...widestPadding).contains($0) }) else {
      throw layer.error("has \(option) = \(value)")
    }
    return sides
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    switch layer {
    case is Flatten:
      return [LayerDescription(className: "Flatten", options: [], yieldsVector: true)]
    case let layer as Reshape:
      let shape = layer.shape
      let sides = layer.isVector ? [] : [shape.height, shape.width]
      return [
        LayerDescription(
          className: "Reshape", options: [("target_shape", .integers(sides + [shape.channels]))],
          yieldsVector: layer.isVector)
      ]
    case let layer as ZeroPadding2D:
      return [
        padding(top: layer.top, left: layer.left, bottom: layer.bottom, right: layer.right)
      ]
    case let layer as Cropping2D:
      return [
        LayerDescription(
          className: "Cropping2D",
          options: [
            (
              "cropping",
              .array([
                .integers([layer.top, layer.bottom]), .integers([layer.left, layer.right]),
              ])
            ), ("data_format", .string("channels_last")),
          ], wantsVector: false, yieldsVector: false)
      ]
    case let layer as UpSampling2D:
      let name = layer.interpolation == .nearest ? "nearest" : "bilinear"
      return [
        LayerDescription(
          className: "UpSampling2D",
          options: [
            ("size", .size(layer.size)), ("data_format", .string("channels_last")),
            ("interpolation", .string(name)),
          ], wantsVector: false, yieldsVector: false)
      ]
    default: return nil
    }
  }

  /// Keras' word for a padding, and the layer that pads before if Keras has no word for it.
  static func described(_ padding: Padding) -> (name: String, before: LayerDescription?) {
    switch padding {
    case .valid: ("valid", nil)
    case .same: ("same", nil)
    case .explicit(0, 0, 0, 0): ("valid", nil)
    case .explicit(let top, let left, let bottom, let right):
      ("valid", self.padding(top: top, left: left, bottom: bottom, right: right, suffix: "pad"))
    }
  }

  private static func padding(
    top: Int, left: Int, bottom: Int, right: Int, suffix: String? = nil
  ) -> LayerDescription {
    LayerDescription(
      className: "ZeroPadding2D",
      options: [
        ("padding", .array([.integers([top, bottom]), .integers([left, right])])),
        ("data_format", .string("channels_last")),
      ], suffix: suffix, wantsVector: false, yieldsVector: false)
  }
}
