import ModelFiles
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// The networks that are known by name.
struct ArchitectureTests {
  /// With 1,000 classes the numbers of parameters are those of Keras' documentation.
  @Test(arguments: [
    (NamedArchitecture.vgg16, 138_357_544), (.vgg19, 143_667_240), (.resnet50, 25_636_712),
    (.mobileNetV2, 3_538_984),
  ]) func parameterCounts(architecture: NamedArchitecture, count: Int) throws {
    let graph = try architecture.graph(inputShape: NamedArchitecture.usualInput, classes: 1_000)
    #expect(graph.parameters.reduce(0) { $0 + $1.specification.count } == count)
  }

  /// Without top, the last feature maps of images of 224×224 are those of Keras.
  @Test(arguments: [
    (NamedArchitecture.vgg16, 512), (.vgg19, 512), (.resnet50, 2_048), (.mobileNetV2, 1_280),
  ]) func withoutTop(architecture: NamedArchitecture, channels: Int) throws {
    let graph = try architecture.graph(inputShape: NamedArchitecture.usualInput, classes: nil)
    #expect(graph.outputShape == ImageShape(height: 7, width: 7, channels: channels))
  }

  /// Weights of a network with top and of one without are told apart by their tensors.
  @Test(arguments: [nil, 3]) func top(classes: Int?) throws {
    let folder = try TemporaryFolder()
    let shape = ImageShape(height: 32, width: 32, channels: 3)
    let graph = try NamedArchitecture.mobileNetV2.graph(inputShape: shape, classes: classes)
    let network = Network(graph: graph, seed: 1)
    let path = folder.path("m.weights.h5")
    try WeightsOnly.write(network, to: path)
    let model = try ModelFile.read(
      path, options: ModelReadingOptions(architecture: .mobileNetV2, inputShape: shape))
    #expect(model.network.parameters == network.parameters)
    #expect(model.endsInSoftmax == (classes != nil))
  }
}
