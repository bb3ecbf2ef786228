import NeuralNetwork
import Tensors

/// The networks of torchvision that are found by the names of their tensors.
enum TorchNetworks {
  /// The structure for a state dict.
  static func plan(
    for tensors: StateDict, options: ModelReadingOptions
  ) throws(ModelError) -> ModelPlan {
    if let graph = options.graph { return try plan(for: tensors, graph) }
    let input = options.inputShape ?? NamedArchitecture.usualInput
    let (name, graph): (String, NetworkGraph)
    do {
      if tensors.shape("conv1") != nil, tensors.shape("layer1.0.conv1") != nil {
        (name, graph) = ("resnet", try TorchResNet(tensors).graph(inputShape: input))
      } else if tensors.shape("features.0") != nil {
        (name, graph) = ("vgg", try TorchVGG(tensors).graph(inputShape: input))
      } else {
        throw ModelError(
          "its tensors (\(ModelError.list(tensors.modules))) are those of no network that is known: "
            + "torchvision's VGG and ResNet are",
          remedy: "Export the model from PyTorch to Keras, or give a structure of layers.")
      }
    } catch let error as ModelError {
      throw error
    } catch {
      throw ModelError(
        "its network does not take images of \(input): \(error)",
        remedy: "Give another shape with --input-shape.")
    }
    var plan = ModelPlan(graph: graph, name: name)
    plan.layers = TorchSlots.layers(of: graph)
    if options.inputShape == nil {
      plan.notes.append("the images are taken to be \(input), which the file does not say")
    }
    if !graph.batchNormLayers.isEmpty { plan.notes += TorchSlots.notes }
    return plan
  }

  /// A given structure: by the names of its layers, else by the order of numbered modules.
  private static func plan(
    for tensors: StateDict, _ given: NetworkGraph
  ) throws(ModelError) -> ModelPlan {
    let graph = given.mapping { node in
      guard let layer = node.layer as? BatchNorm else { return (node.name, node.layer) }
      let normalization = BatchNorm(
        momentum: layer.momentum, epsilon: TorchSlots.epsilon, hasScale: layer.hasScale,
        hasCenter: layer.hasCenter)
      return (node.name, normalization)
    }
    let layers = graph.parameterLayers
    let modules = tensors.modules
    var partners = Dictionary(uniqueKeysWithValues: layers.map { ($0, $0) })
    if !layers.contains(where: modules.contains) {
      guard modules.allSatisfy({ $0.split(separator: ".").allSatisfy { Int($0) != nil } }) else {
        throw ModelError(
          "its modules (\(ModelError.list(modules))) have neither the names of the network's layers "
            + "(\(ModelError.list(layers))) nor numbers that tell their order")
      }
      for (layer, module) in zip(layers, modules) { partners[layer] = module }
    }
    var plan = ModelPlan(graph: graph, name: "state dict")
    plan.layers = TorchSlots.layers(of: graph) { partners[$0.name] ?? $0.name }
    if !graph.batchNormLayers.isEmpty { plan.notes += TorchSlots.notes }
    return plan
  }
}
