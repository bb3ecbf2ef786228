import ModelFiles
import NeuralNetwork
import Records
import TestSupport
import Testing

/// Configurations that are not read: the error names the layer, what is wrong, and where.
struct ConfigurationRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let configuration: String?
    let fragments: [String]

    init(_ title: String, _ file: LegacyFile, _ fragments: String...) {
      testDescription = title
      configuration = file.configuration
      self.fragments = fragments
    }
  }

  private static func sequential(_ layer: String) -> LegacyFile {
    LegacyFile([LegacyFile.input, layer, LegacyFile.pool, LegacyFile.dense])
  }

  private static func conv(_ options: String) -> LegacyFile {
    sequential(
      LegacyFile.layer("Conv2D", "conv", #""filters": 3, "kernel_size": [1, 1], \#(options)"#))
  }

  private static func raw(_ text: String) -> LegacyFile {
    var file = LegacyFile()
    file.configuration = text
    return file
  }

  private static let input = LegacyFile.node(
    "InputLayer", "in", #""batch_input_shape": [null, 4, 4, 2]"#, reading: [])
  private static let conv = LegacyFile.node(
    "Conv2D", "conv", #""filters": 3, "kernel_size": [1, 1]"#, reading: ["in"])

  static let layerCases = [
    Case(
      "unknown class",
      LegacyFile([
        LegacyFile.input, LegacyFile.conv, LegacyFile.layer("Swirl", "s", #""a": 1"#),
        LegacyFile.dense,
      ]),
      "'s'", "'Swirl'", "after 'conv'"),
    Case(
      "a program as a layer", sequential(LegacyFile.layer("Lambda", "l", #""function": "x""#)),
      "'Lambda'", "never run"),
    Case(
      "channels first", conv(#""data_format": "channels_first""#), "'conv'", "channels_first"),
    Case("padding", conv(#""padding": "causal""#), "'conv'", "causal"),
    Case("groups", conv(#""groups": 2"#), "'conv'", "2 groups"),
    Case("no groups", conv(#""groups": 0"#), "groups = 0"),
    Case("strides", conv(#""strides": [1, -1]"#), "strides = [1, -1]"),
    Case("many filters", conv(#""activation": "twist""#), "'conv'", "'twist'"),
    Case(
      "filters beyond reason",
      sequential(
        LegacyFile.layer("Conv2D", "conv", #""filters": 1e12, "kernel_size": [1, 1]"#)),
      "'conv'", "filters = 1000000000000"),
    Case(
      "wrong axis", sequential(LegacyFile.layer("BatchNormalization", "bn", #""axis": 1"#)), "'bn'",
      "axis 1"),
    Case(
      "a layer that is larger than its input",
      sequential(
        LegacyFile.layer(
          "Conv2D", "conv", #""filters": 3, "kernel_size": [9, 9], "padding": "valid""#)),
      "'conv'", "4×4×2"),
    Case(
      "more values than memory",
      LegacyFile(
        [LegacyFile.input]
          + (0..<4).map { LegacyFile.layer("UpSampling2D", "up\($0)", #""size": [256, 256]"#) }),
      "'up1'", "too large"),
    Case(
      "dropping everything", sequential(LegacyFile.layer("Dropout", "d", #""rate": 1.0"#)), "'d'",
      "rate"),
    Case(
      "two layers of one name",
      LegacyFile([LegacyFile.input, LegacyFile.conv, LegacyFile.conv, LegacyFile.dense]), "'conv'",
      "name of another layer"),
    Case(
      "images without an axis for the channel",
      LegacyFile([LegacyFile.input.replacing("4, 4, 2", with: "4, 4"), LegacyFile.dense]),
      "'dense'", "two axes, 4×4", "Reshape((4, 4, 1))"),
    Case(
      "softmax over the width",
      LegacyFile([
        LegacyFile.input.replacing("4, 4, 2", with: "4, 4"),
        LegacyFile.layer("Activation", "s", #""activation": "softmax""#), LegacyFile.dense,
      ]),
      "'s'", "two axes"),
    Case(
      "cropping of everything", sequential(LegacyFile.layer("Cropping2D", "c", #""cropping": 2"#)),
      "'c'", "4×4×2"),
    Case(
      "scale of other channels",
      sequential(LegacyFile.layer("LayerScale", "s", #""projection_dim": 3"#)), "'s'",
      "3 channels"),
    Case(
      "scale along the height",
      sequential(LegacyFile.layer("Rescaling", "s", #""scale": [[1], [2]]"#)), "'s'", "scale"),
    Case(
      "hard sigmoid of Keras 2", conv(#""activation": {"class_name": "function"}"#), "'conv'",
      "activation"),
  ]

  /// An operation of Keras 2 on the input.
  private static func operation(_ function: String, _ options: String) -> LegacyFile {
    let node = LegacyFile.node(
      "TFOpLambda", "dense", #""function": "\#(function)""#, reading: ["in"])
    return LegacyFile(functional: [
      input, node.replacing(#"["in", 0, 0, {}]"#, with: #"["in", 0, 0, {\#(options)}]"#),
    ])
  }

  static let operationCases = [
    Case("unknown operation", operation("math.erf", ""), "'math.erf'", "`preprocess` = tf"),
    Case(
      "a number for each row", operation("math.add", #""y": [[[1]], [[2]], [[3]], [[4]]]"#),
      "neither one number nor one for each of 2 channels"),
    Case("no number", operation("math.add", #""y": "x""#), "neither one number"),
    Case("division by zero", operation("math.truediv", #""y": 0"#), "divides by zero"),
    Case("one operand", operation("math.add", #""name": "a""#), "1 operands"),
    Case(
      "an option that changes the result", operation("math.add", #""y": 1, "casting": "safe""#),
      "the option casting"),
    Case("other numbers", operation("cast", #""dtype": "int32""#), "int32"),
    Case("flipped rows", operation("reverse", #""axis": [1]"#), "flips along [1]"),
    Case(
      "a part of the rows",
      operation(
        "__operators__.getitem",
        #""slice_spec": [{"start": null, "stop": null, "step": null}, 1]"#), "takes the part"),
    Case(
      "a channel that is not there",
      operation("__operators__.getitem", #""slice_spec": [{"class_name": "__ellipsis__"}, 2]"#),
      "takes the part"),
    Case(
      "a channel taken twice", operation("Take", #""axis": -1, "indices": [0, 0]"#),
      "takes [0, 0] along axis -1"),
    Case("rows taken", operation("Take", #""axis": 1, "indices": [0, 1]"#), "along axis 1"),
    Case(
      "a channel taken that is not there", operation("Take", #""axis": -1, "indices": [2]"#),
      "takes [2]"),
    Case("an image stacked", operation("stack", #""axis": -1"#), "stacks its inputs"),
  ]

  static let connectionCases = [
    Case(
      "shared layer",
      LegacyFile(functional: [
        input,
        conv.replacing(
          #"[[["in", 0, 0, {}]]]"#, with: #"[[["in", 0, 0, {}]], [["in", 0, 0, {}]]]"#),
      ]),
      "'conv'", "2 times"),
    Case(
      "unknown input",
      LegacyFile(
        functional: [input, LegacyFile.node("ReLU", "dense", #""a": 1"#, reading: ["nobody"])]),
      "'dense'", "'nobody'"),
    Case(
      "circle",
      LegacyFile(functional: [
        input, LegacyFile.node("Add", "a", #""x": 1"#, reading: ["in", "b"]),
        LegacyFile.node("ReLU", "b", #""x": 1"#, reading: ["a"]),
        LegacyFile.node("ReLU", "dense", #""x": 1"#, reading: ["b"]),
      ]),
      "form a cycle", "a, b"),
    Case(
      "second input",
      LegacyFile(functional: [
        input,
        LegacyFile.node("InputLayer", "in2", #""batch_input_shape": [null, 4, 4, 2]"#, reading: []),
        LegacyFile.node("Add", "dense", #""x": 1"#, reading: ["in", "in2"]),
      ]),
      "'in2'", "second input"),
    Case(
      "two declared inputs",
      LegacyFile(
        functional: [input, conv], inputs: #"["in", 0, 0], ["in2", 0, 0]"#, output: "conv"),
      "input_layers", "several"),
    Case(
      "dead end",
      LegacyFile(
        functional: [input, conv, LegacyFile.node("ReLU", "dead", #""x": 1"#, reading: ["in"])],
        output: "conv"),
      "'dead'", "does not lead"),
    Case(
      "not connected",
      LegacyFile(
        functional: [input, LegacyFile.node("ReLU", "dense", #""x": 1"#, reading: [])]), "'dense'",
      "connected to nothing"),
    Case(
      "no such output", LegacyFile(functional: [input, conv], output: "nothing"), "'nothing'"),
    Case(
      "different shapes added",
      LegacyFile(functional: [
        input, conv, LegacyFile.node("Add", "dense", #""x": 1"#, reading: ["in", "conv"]),
      ]),
      "'dense'", "4×4×2, 4×4×3"),
  ]

  static let textCases = [
    Case("no JSON", raw("{"), "JSON", "byte 1"),
    Case("too deep", raw(String(repeating: "[", count: 100_000)), "JSON", "levels deep"),
    Case("no number", raw(#"{"class_name": NaN}"#), "JSON", "'NaN'"),
    Case("twice", raw(#"{"a": 1, "a": 2}"#), "JSON", "'a' occurs twice"),
    Case("no model", raw("[]"), "class_name"),
    Case(
      "a program instead of layers", raw(#"{"class_name": "MyModel", "config": {}}"#), "'MyModel'"),
    Case("no layers", raw(#"{"class_name": "Sequential", "config": {"layers": []}}"#), "0 layers"),
    Case(
      "no shape",
      LegacyFile([LegacyFile.conv, LegacyFile.pool, LegacyFile.dense]), "shape of the images"),
    Case(
      "three-dimensional images",
      LegacyFile([
        LegacyFile.input.replacing("4, 4, 2", with: "4, 4, 4, 2"), LegacyFile.conv,
      ]), "4 axes"),
    Case(
      "shape beyond reason",
      LegacyFile([LegacyFile.input.replacing("4, 4", with: "1000000000, 4"), LegacyFile.conv]),
      "makes no sense"),
  ]

  /// The error is bad data and says what the reader needs to find the place.
  @Test(arguments: layerCases + operationCases + connectionCases + textCases)
  func refusal(of test: Case) throws {
    let folder = try TemporaryFolder()
    var file = LegacyFile()
    file.configuration = test.configuration
    try file.write(to: folder.path("m.h5"))
    let failure = try #require(throws: Failure.self) {
      _ = try ModelFile.read(folder.path("m.h5"))
    }
    #expect(failure.kind == .badData)
    for fragment in test.fragments { #expect(failure.description.contains(fragment)) }
  }

  /// The file that the cases spoil is itself read.
  @Test func unspoilt() throws {
    let folder = try TemporaryFolder()
    try LegacyFile().write(to: folder.path("m.h5"))
    #expect(try ModelFile.read(folder.path("m.h5")).report.parameterCount == 17)
  }

  /// Two layers that each read the other's input are put into an order that works, whatever that of
  /// the file is.
  @Test func anyOrder() throws {
    let folder = try TemporaryFolder()
    var file = LegacyFile(functional: [
      LegacyFile.node("Dense", "dense", #""units": 2"#, reading: ["pool"]),
      LegacyFile.node("GlobalAveragePooling2D", "pool", #""x": 1"#, reading: ["conv"]), Self.conv,
      Self.input,
    ])
    file.layerNames = ["dense", "conv"]
    try file.write(to: folder.path("m.h5"))
    let names = try ModelFile.read(folder.path("m.h5")).network.graph.nodes.map(\.name)
    #expect(names == ["conv", "pool", "dense"])
  }
}
