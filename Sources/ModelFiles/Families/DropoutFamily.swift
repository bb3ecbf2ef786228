import NeuralNetwork
import Records
import Tensors

/// `Dropout`, also of whole examples, which is called `StochasticDepth` in ConvNeXt.
enum DropoutFamily: LayerFamily {
  static let classes: Set = ["Dropout", "StochasticDepth"]

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    let isOfExamples = layer.className == "StochasticDepth"
    let rate = try layer.number(isOfExamples ? "drop_path_rate" : "rate")
    guard (0..<1).contains(rate) else { throw layer.error("has the rate \(rate)") }
    if isOfExamples { return .single(Dropout(rate: rate, perExample: true)) }
    guard layer.has("noise_shape") else { return .single(Dropout(rate: rate)) }
    let noise = layer.options["noise_shape"]?.array ?? []
    guard noise.count == inputs.first?.rank, noise.first?.isNull == true,
      noise.dropFirst().allSatisfy({ $0.integer == 1 })
    else {
      throw layer.error(
        "has a noise_shape that neither drops single values nor whole examples")
    }
    return .single(Dropout(rate: rate, perExample: true))
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    guard let layer = layer as? Dropout else { return nil }
    let rank = inputs.first?.rank ?? 2
    let noise = [JSONValue.null] + Array(repeating: .integer(1), count: rank - 1)
    return [
      LayerDescription(
        className: "Dropout",
        options: [
          ("rate", .float(layer.rate)), ("noise_shape", layer.perExample ? .array(noise) : .null),
        ])
    ]
  }
}

/// Layers that act only in training and that tlbench trains without.
enum TrainingOnlyFamily: LayerFamily {
  private static let augmentations: Set = [
    "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast",
    "RandomBrightness",
  ]
  private static let noises: Set = [
    "GaussianNoise", "GaussianDropout", "AlphaDropout", "SpatialDropout2D",
    "ActivityRegularization",
  ]

  static let classes: Set = augmentations.union(noises).union(["Identity"])

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    guard layer.className != "Identity" else { return .nothing() }
    let instead =
      augmentations.contains(layer.className) ? "; tlbench has augmentations of its own" : ""
    return .nothing(
      "the layer '\(layer.path)' (\(layer.className)) acts only in training and was left out"
        + instead)
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? { nil }
}
