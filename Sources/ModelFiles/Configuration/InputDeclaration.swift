import Records
import Tensors

/// What a configuration says about the shape of the input.
struct InputDeclaration {
  /// The sides of the input without the batch, each `nil` if it is left open; `nil` if the
  /// configuration does not have them.
  let sides: [Int?]?

  /// Reads the declaration from where the versions of Keras put it.
  init(of configuration: JSONValue) throws(ModelError) {
    sides = InputDeclaration.sides(of: configuration, depth: 0)
  }

  private static func sides(of value: JSONValue, depth: Int) -> [Int?]? {
    guard let object = value.object, let config = object["config"], depth < 32 else { return nil }
    let options = config.object
    for key in ["batch_shape", "batch_input_shape", "build_input_shape"] {
      if let shape = options?[key]?.array { return shape.dropFirst().map(\.integer) }
    }
    if let shape = object["build_config"]?.object?["input_shape"]?.array,
      !shape.isEmpty, shape[0].array == nil
    {
      return shape.dropFirst().map(\.integer)
    }
    guard let layers = (options?["layers"] ?? config).array else { return nil }
    // In a functional model the input need not come first.
    let first =
      layers.first { $0.object?["class_name"]?.string == "InputLayer" } ?? layers.first
    return first.flatMap { sides(of: $0, depth: depth + 1) }
  }

  /// The shape to build the network for, and a note about it.
  func resolved(with given: ImageShape?) throws(ModelError) -> (shape: ValueShape, note: String?) {
    let say = "Give the shape of the images with `inputShape` = HEIGHTxWIDTHxCHANNELS."
    guard let sides else {
      guard let given else {
        throw ModelError("its configuration does not say the shape of the images", remedy: say)
      }
      return (ValueShape(image: try InputDeclaration.checked(given), isVector: false), nil)
    }
    switch sides.count {
    case 1:
      guard let channels = sides[0] ?? given?.channels else {
        throw ModelError("its configuration leaves the number of features open", remedy: say)
      }
      let shape = ImageShape(height: 1, width: 1, channels: channels)
      if let given, given != shape {
        throw ModelError("its input has \(channels) features, not the shape \(given)")
      }
      return (ValueShape(image: try InputDeclaration.checked(shape), isVector: true), nil)
    case 3:
      guard let height = given?.height ?? sides[0], let width = given?.width ?? sides[1],
        let channels = sides[2] ?? given?.channels
      else {
        throw ModelError("its configuration leaves the size of the images open", remedy: say)
      }
      if let given, given.channels != channels {
        throw ModelError("its images have \(channels) channels, not \(given.channels)")
      }
      let shape = try InputDeclaration.checked(
        ImageShape(height: height, width: width, channels: channels))
      let replaces = (sides[0] ?? height) != height || (sides[1] ?? width) != width
      let stored = sides.map { $0.map(String.init) ?? "?" }.joined(separator: "×")
      return (
        ValueShape(image: shape, isVector: false),
        replaces ? "the images are \(shape); the file says \(stored)" : nil
      )
    case 2:
      guard let height = given?.height ?? sides[0], let width = given?.width ?? sides[1] else {
        throw ModelError("its configuration leaves the size of the images open", remedy: say)
      }
      if let given, given.channels != 1 {
        throw ModelError("its images have one channel, not \(given.channels)")
      }
      let shape = try InputDeclaration.checked(
        ImageShape(height: height, width: width, channels: 1))
      return (
        ValueShape(image: shape, isVector: false, isMatrix: true),
        "the images are \(shape); in Keras they have no channel axis"
      )
    default:
      throw ModelError(
        "its input has \(sides.count) axes besides the batch; images have three (height, width, "
          + "channels) or two (height, width), feature vectors one")
    }
  }

  private static func checked(_ shape: ImageShape) throws(ModelError) -> ImageShape {
    guard (1...16_384).contains(shape.height), (1...16_384).contains(shape.width),
      (1...(1 << 24)).contains(shape.channels), shape.count <= GraphBuilder.mostValues
    else {
      throw ModelError("the shape of the images, \(shape), makes no sense")
    }
    return shape
  }
}
