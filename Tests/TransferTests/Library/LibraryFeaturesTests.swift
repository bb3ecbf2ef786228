import NeuralNetwork
import Tensors
import Testing
import Transfer

/// The output of any layer for some images.
struct LibraryFeaturesTests {
  /// At every layer, features are what an inference program yields there.
  @Test func everyLayer() throws {
    let model = try LibrarySample.model(.simple)
    let pixels = try LibrarySample.images(5).pixels
    for node in model.network.graph.nodes {
      let features = try model.extractFeatures(pixels, at: node.name)
      let expected = try LibrarySample.forward(model.network, pixels, at: node.name)
      #expect(features.shape == node.outputShape, "\(node.name)")
      let isEqual = features.values == expected
      #expect(isEqual, "\(node.name)")
    }
  }

  /// By default, the last layer before the head.
  @Test func lastBackboneLayer() throws {
    let model = try LibrarySample.model()
    let pixels = try LibrarySample.images(4).pixels
    #expect(
      try model.extractFeatures(pixels).values
        == model.extractFeatures(pixels, at: "flatten").values)
  }

  /// Images beyond a full batch of 32 have the features that they have alone.
  @Test func lastBatch() throws {
    let model = try LibrarySample.model()
    let images = LibrarySample.images(35)
    let all = try model.extractFeatures(images.pixels)
    let alone = try model.extractFeatures(images.image(34))
    let last = all.values.suffix(all.shape.count)
    #expect(all.values.count == 35 * all.shape.count)
    #expect(zip(last, alone.values).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(alone.values.contains { abs($0) > 1e-2 })
  }

  /// Which layers are frozen does not matter.
  @Test func frozen() throws {
    var model = try LibrarySample.model()
    let pixels = try LibrarySample.images(2).pixels
    let before = try model.extractFeatures(pixels).values
    model.freeze()
    #expect(try model.extractFeatures(pixels).values == before)
  }

  /// An unknown layer is an error that lists all layers.
  @Test func unknownLayer() throws {
    let model = try LibrarySample.model()
    let names = model.network.graph.nodes.map(\.name)
    #expect(
      libraryError { _ = try model.extractFeatures([], at: "block4_pool") }
        == .unknownLayer("block4_pool", known: names))
  }

  /// A part of an image is an error.
  @Test func pixelCount() throws {
    let model = try LibrarySample.model()
    #expect(
      libraryError { _ = try model.extractFeatures([Float](repeating: 0, count: 65)) }
        == .wrongPixelCount(65, imageShape: LibrarySample.shape))
  }

  /// So is a pixel that is no number.
  @Test(arguments: [Float.nan, .infinity]) func notFinite(value: Float) throws {
    let model = try LibrarySample.model()
    var pixels = try LibrarySample.images(2).pixels
    pixels[70] = value
    #expect(
      libraryError { _ = try model.extractFeatures(pixels) } == .pixelNotFinite(position: 70))
  }

  /// No images have no features.
  @Test func noImages() throws {
    #expect(try LibrarySample.model().extractFeatures([]).values.isEmpty)
  }
}
