package import NeuralNetwork
package import TaskData
import Tensors

/// The pixel values that a network expects, as its layers or its file show.
package struct PixelFeed: Sendable, Hashable {
  /// The value of `--preprocess` that is recorded in the network's file.
  package let preprocess: String?
  /// The pixel range that the network was made for; `nil` if `preprocess` is given.
  package let range: PixelRange?
  /// How this is known, as a clause that can end a sentence.
  package let reason: String

  /// Keys of the metadata that tlbench writes into the file of a network that it trained.
  enum Key {
    static let preprocess = "preprocess"
    static let pixelRange = "pixel_range"
    /// Digest of the training data; only `train` writes it.
    static let dataDigest = "data_digest"
  }

  /// Reads the metadata of the file first and then the network's layers; `nil` if neither shows the
  /// expected pixel values.
  package init?(of network: Network, metadata: [String: String]) {
    // Tokens are no pixels.
    guard network.graph.tokenEmbedding == nil else { return nil }
    if let word = metadata[Key.preprocess] {
      (preprocess, range) = (word, nil)
      reason = "the model was trained with preprocessing '\(word)'"
      return
    }
    preprocess = nil
    if let range = metadata[Key.pixelRange].flatMap({ PixelRange($0) }) {
      (self.range, reason) = (range, "the model was trained on \(network.inputContent) of \(range)")
    } else if metadata[Key.dataDigest] != nil {
      // Versions that did not record the range divided bytes by 255 for every network.
      (range, reason) = (.unit, "the model was trained on bytes divided by 255")
    } else if let (range, node) = network.scaledInput {
      self.range = range
      reason = "the network begins with '\(node.name)' (\(node.layer.kerasClass))"
    } else {
      return nil
    }
  }

  /// The range and how it is known, for the description of a network.
  package var summary: String {
    range.map { "\($0): \(reason)" } ?? "\(reason)"
  }

  /// The input for which a labelled dataset is read.
  package static func expected(of network: Network, _ feed: PixelFeed?) -> ExpectedInput {
    ExpectedInput(
      shape: network.graph.inputShape, range: feed?.range, reason: feed?.reason ?? "")
  }
}

extension Network {
  /// What the network reads if it reads no tokens: `pixels`, or `features` without an image.
  package var inputContent: String {
    graph.inputShape.height * graph.inputShape.width == 1 ? "features" : "pixels"
  }

  /// The pixel range that the first layers were made for, and the first of these layers; `nil` if
  /// the layers do not show it.
  ///
  /// Rescaling and Normalization together compute x → (x - center) / unit. If the unit is several
  /// byte steps, they were made for bytes; if it is a fraction of 1, for bytes divided by 255. The
  /// statistics of a batch normalization that reads the images are interpreted in the same way.
  fileprivate var scaledInput: (range: PixelRange, node: NetworkGraph.Node)? {
    var (slope, offset): (Float, Float) = (1, 0)
    var first: NetworkGraph.Node?
    // Nodes whose values are pixels, rearranged at most: channels may have been reversed.
    var pixels: Set = [NetworkGraph.input]
    for (position, node) in graph.nodes.enumerated() {
      guard node.inputs.allSatisfy(pixels.contains) else { break }
      if Self.movesPixels(node.layer) {
        pixels.insert(position)
        continue
      }
      // Every path from the input must lead through the scaling layer.
      let readers = graph.nodes.indices.filter { reader in
        !pixels.contains(reader) && graph.nodes[reader].inputs.contains(where: pixels.contains)
      }
      guard readers == [position], let (factor, summand) = affine(node, isFirst: first == nil)
      else { break }
      (slope, offset) = (slope * factor, offset * factor + summand)
      first = first ?? node
      pixels = [position]
    }
    guard let first, slope > 0, slope.isFinite else { return nil }
    let (unit, center) = (1 / slope, -offset / slope)
    // Pixels are never negative, so their mean is not much less than their deviation.
    guard center >= (first.layer is Rescaling ? -0.01 : 0.1) * unit else { return nil }
    if unit >= 4 || unit > 0.9 && center >= 10 { return (.bytes, first) }
    return unit < 0.9 && center <= 1 ? (.unit, first) : nil
  }

  /// Whether a layer only moves, selects or pads the values that it reads.
  private static func movesPixels(_ layer: any Layer) -> Bool {
    switch layer {
    case is ZeroPadding2D, is Cropping2D, is Reshape, is Dropout, is SelectChannels, is Concatenate:
      true
    default: false
    }
  }

  /// Median slope and offset over the channels of a layer that scales its input.
  private func affine(_ node: NetworkGraph.Node, isFirst: Bool) -> (Float, Float)? {
    func values(_ role: String) -> [Float] {
      self[ParameterName(layer: node.name, role: role)].values
    }
    func standardizing(_ mean: [Float], _ variance: [Float]) -> (Float, Float)? {
      // Channels that never change carry no information.
      let varying = zip(mean, variance).filter { $0.1 > 1e-8 }
      guard !varying.isEmpty else { return nil }
      let deviation = varying.map { $0.1.squareRoot() }.median
      return (1 / deviation, -varying.map { $0.0 / $0.1.squareRoot() }.median)
    }
    switch node.layer {
    case let layer as Rescaling: return (layer.scale.median, layer.offset.median)
    case is Normalization: return standardizing(values("mean"), values("variance"))
    case is BatchNorm where isFirst:
      return standardizing(values("moving_mean"), values("moving_variance"))
    default: return nil
    }
  }
}

extension [Float] {
  /// The median; 0 if the array is empty.
  fileprivate var median: Float { isEmpty ? 0 : sorted()[count / 2] }
}
