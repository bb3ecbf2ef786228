import HDF5

/// A whole model as Keras 2 stores it, written by hand so that it can be spoilt in one respect.
struct LegacyFile {
  struct Entry {
    let layer: String
    let name: String
    var shape: [Int]
    var values: [Float]

    init(_ layer: String, _ name: String, _ shape: [Int]) {
      self.layer = layer
      self.name = name
      self.shape = shape
      values = (0..<shape.reduce(1, *)).map { Float($0 % 7) - 3 }
    }
  }

  var configuration: String?
  var layerNames = ["conv", "dense"]
  var tensors = [
    Entry("conv", "conv/kernel:0", [1, 1, 2, 3]), Entry("conv", "conv/bias:0", [3]),
    Entry("dense", "dense/kernel:0", [3, 2]), Entry("dense", "dense/bias:0", [2]),
  ]

  /// A sequential model of a 1×1 convolution, a pooling and a dense layer on images of 4×4×2.
  init(_ layers: [String] = LegacyFile.layers) {
    configuration = """
      {"class_name": "Sequential", "config": {"name": "small", "layers": \
      [\(layers.joined(separator: ", "))]}}
      """
  }

  /// A functional model of these layers.
  init(functional layers: [String], inputs: String = #"["in", 0, 0]"#, output: String = "dense") {
    configuration = """
      {"class_name": "Functional", "config": {"name": "small", "layers": \
      [\(layers.joined(separator: ", "))], "input_layers": [\(inputs)], \
      "output_layers": [["\(output)", 0, 0]]}}
      """
  }

  static let input =
    #"{"class_name": "InputLayer", "config": {"name": "in", "batch_input_shape": [null, 4, 4, 2]}}"#
  static let conv = layer("Conv2D", "conv", #""filters": 3, "kernel_size": [1, 1]"#)
  static let pool = layer("GlobalAveragePooling2D", "pool", #""keepdims": false"#)
  static let dense = layer("Dense", "dense", #""units": 2"#)
  static let layers = [input, conv, pool, dense]

  static func layer(_ className: String, _ name: String, _ options: String) -> String {
    #"{"class_name": "\#(className)", "config": {"name": "\#(name)", \#(options)}}"#
  }

  /// A layer of a functional model that reads others, in Keras 2's form.
  static func node(
    _ className: String, _ name: String, _ options: String, reading inputs: [String]
  ) -> String {
    let tensors = inputs.map { #"["\#($0)", 0, 0, {}]"# }.joined(separator: ", ")
    return #"{"class_name": "\#(className)", "name": "\#(name)", "config": {"name": "\#(name)", "#
      + #"\#(options)}, "inbound_nodes": [\#(inputs.isEmpty ? "" : "[\(tensors)]")]}"#
  }

  func write(to path: String) throws {
    let file = try HDF5File.create(path)
    if let configuration { try file.root.attributes.write(configuration, to: "model_config") }
    let weights = try file.root.createGroup("model_weights")
    try weights.attributes.write(layerNames, to: "layer_names")
    for layer in layerNames {
      let group = try weights.createGroup(layer)
      let own = tensors.filter { $0.layer == layer }
      try group.attributes.write(own.map(\.name), to: "weight_names")
      for entry in own { try group.write(entry.values, shape: entry.shape, to: entry.name) }
    }
    try file.close()
  }
}
