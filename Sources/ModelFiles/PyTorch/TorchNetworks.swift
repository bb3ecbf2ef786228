import NeuralNetwork
import Tensors

/// The networks of torchvision that are recognized by the names of their tensors.
enum TorchNetworks {
  /// Many more than torchvision's largest network has; the time to build one grows with their
  /// square.
  private static let mostModules = 5_000

  /// The structure for a state dict.
  static func plan(
    for stored: StateDict, options: ModelReadingOptions
  ) throws(ModelError) -> ModelPlan {
    if let graph = options.graph { return try plan(for: stored, graph) }
    guard let tensors = stored.views.first(where: { isResNet($0) || isVGG($0) }) else {
      throw ModelError(
        "its tensors (\(ModelError.list(stored.modules))) do not belong to a known network: "
          + "torchvision's VGG and ResNet are known",
        remedy: "Build the network in Keras, set its weights there and save it; or give its "
          + "structure as Keras describes it with `structure` = model.json.")
    }
    let count = tensors.modules.count
    guard count <= mostModules else {
      throw ModelError("it has \(count) modules; at most \(mostModules) are expected")
    }
    let input = options.inputShape ?? NamedArchitecture.usualInput
    let (name, graph): (String, NetworkGraph)
    do {
      (name, graph) =
        isResNet(tensors)
        ? ("resnet", try TorchResNet(tensors).graph(inputShape: input))
        : ("vgg", try TorchVGG(tensors).graph(inputShape: input))
    } catch let error as ModelError {
      throw error
    } catch {
      throw ModelError(
        "its network does not take images of \(input): \(error)",
        remedy: "Give another shape with `inputShape`.")
    }
    var plan = ModelPlan(graph: graph, name: name)
    plan.layers = TorchSlots.layers(of: graph) { tensors.prefix + $0.name }
    plan.notes += note(of: tensors)
    if options.inputShape == nil {
      plan.notes.append("the images are assumed to be \(input); the file does not say it")
    }
    if !graph.batchNormLayers.isEmpty { plan.notes += TorchSlots.notes }
    return plan
  }

  private static func isResNet(_ tensors: StateDict) -> Bool {
    tensors.shape("conv1") != nil && tensors.shape("layer1.0.conv1") != nil
  }

  private static func isVGG(_ tensors: StateDict) -> Bool { tensors.shape("features.0") != nil }

  private static func note(of tensors: StateDict) -> [String] {
    guard !tensors.prefix.isEmpty else { return [] }
    return ["the names of all modules begin with '\(tensors.prefix)', which was removed"]
  }

  /// The plan for a given structure, matched by the names of its layers or else by the order of
  /// numbered modules.
  private static func plan(
    for stored: StateDict, _ given: NetworkGraph
  ) throws(ModelError) -> ModelPlan {
    let graph = given.mapping { node in
      let normalization = (node.layer as? BatchNorm)?.with(epsilon: TorchSlots.epsilon)
      return (node.name, normalization ?? node.layer)
    }
    let layers = graph.parameterLayers
    let views = stored.views
    let named = views.first { $0.modules.contains(where: layers.contains) }
    let tensors = named ?? views.first(where: \.isNumbered) ?? stored
    let modules = tensors.modules
    var partners = Dictionary(uniqueKeysWithValues: layers.map { ($0, $0) })
    if named == nil {
      guard tensors.isNumbered else {
        throw ModelError(
          "its modules (\(ModelError.list(modules))) have neither the names of the network's "
            + "layers (\(ModelError.list(layers))) nor numbers that give their order")
      }
      for (layer, module) in zip(layers, modules) { partners[layer] = module }
    }
    var plan = ModelPlan(graph: graph, name: "state dict")
    plan.layers = TorchSlots.layers(of: graph) { tensors.prefix + (partners[$0.name] ?? $0.name) }
    plan.notes += note(of: tensors)
    if !graph.batchNormLayers.isEmpty { plan.notes += TorchSlots.notes }
    return plan
  }
}
