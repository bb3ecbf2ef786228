import Records
package import NeuralNetwork
package import Tensors

/// Networks of Keras' Applications, for files that hold their weights alone.
package enum NamedArchitecture: String, Sendable, CaseIterable {
  case vgg16, vgg19, resnet50
  case mobileNetV2 = "mobilenet-v2"

  /// The shape of the images that the published weights were trained on.
  package static let usualInput = ImageShape(height: 224, width: 224, channels: 3)

  /// The network with the names and settings that Keras gives its layers.
  ///
  /// - Parameter classes: the number of classes of the classifier; `nil` for the network without
  ///   it.
  /// - Throws: `NetworkError` for images that are too small.
  package func graph(
    inputShape: ImageShape, classes: Int?
  ) throws(NetworkError) -> NetworkGraph {
    switch self {
    case .vgg16: try .vgg(inputShape, convolutions: [2, 2, 3, 3, 3], classes: classes)
    case .vgg19: try .vgg(inputShape, convolutions: [2, 2, 4, 4, 4], classes: classes)
    case .resnet50: try .resNet50(inputShape, classes: classes)
    case .mobileNetV2: try .mobileNetV2(inputShape, classes: classes)
    }
  }

  /// The number of fully connected layers of the network with its classifier.
  private var denseLayerCount: Int {
    switch self {
    case .vgg16, .vgg19: 3
    case .resnet50, .mobileNetV2: 1
    }
  }

  /// The structure for a file's tensors, with a classifier if they include one.
  ///
  /// - Parameter shapes: the shapes of all tensors, in the order of the layers.
  func plan(fitting shapes: [[Int]], inputShape: ImageShape?) throws(ModelError) -> ModelPlan {
    let dense = shapes.filter { $0.count == 2 }
    let classes = dense.count == denseLayerCount ? dense.last?[1] : nil
    if let classes, !LayerFamilies.channels.contains(classes) {
      throw ModelError("its classifier has \(classes) classes")
    }
    let input = inputShape ?? NamedArchitecture.usualInput
    let graph: NetworkGraph
    do {
      graph = try self.graph(inputShape: input, classes: classes)
    } catch {
      throw ModelError(
        .usage, "the \(rawValue) network does not take images of \(input): \(error)",
        remedy: "Give a larger shape with `inputShape`.")
    }
    var plan = ModelPlan(graph: graph, name: rawValue)
    if inputShape == nil {
      plan.notes.append("the images are assumed to be \(input); the file does not say it")
    }
    if classes != nil {
      plan.endsInSoftmax = true
      plan.notes.append("the softmax of the classifier is applied to the output of the layers")
    }
    return plan
  }
}
