package import NeuralNetwork
package import TaskData
import Tensors

/// How images have to be handed to a network, as its layers or its file tell it.
package struct PixelFeed: Sendable, Hashable {
  /// The word of `--preprocess` that its file notes.
  package let preprocess: String?
  /// The pixels that it is made for; `nil` where a word says what is done to them.
  package let range: PixelRange?
  /// How that is known, as the end of a sentence.
  package let reason: String

  /// What tlbench notes beside a network that it trained.
  enum Key {
    static let preprocess = "preprocess"
    static let pixelRange = "pixel_range"
    /// Only `train` writes it.
    static let dataDigest = "data_digest"
  }

  /// What was noted when the network was trained comes before what its layers show; `nil` where
  /// neither says anything.
  package init?(of network: Network, metadata: [String: String]) {
    if let word = metadata[Key.preprocess] {
      (preprocess, range, reason) = (word, nil, "the model was trained with --preprocess \(word)")
      return
    }
    preprocess = nil
    if let range = metadata[Key.pixelRange].flatMap({ PixelRange($0) }) {
      (self.range, reason) = (range, "the model was trained on pixels of \(range)")
    } else if metadata[Key.dataDigest] != nil {
      // Versions that did not note it divided bytes by 255 under every network.
      (range, reason) = (.unit, "the model was trained on bytes divided by 255")
    } else if let (range, node) = network.scaledInput {
      self.range = range
      reason = "the network begins with '\(node.name)' (\(node.layer.kerasClass))"
    } else {
      return nil
    }
  }

  /// For a description of a network.
  package var summary: String {
    range.map { "\($0): \(reason)" } ?? "\(reason)"
  }

  /// What a labelled set is read for.
  package static func expected(of network: Network, _ feed: PixelFeed?) -> ExpectedInput {
    ExpectedInput(
      shape: network.graph.inputShape, range: feed?.range, reason: feed?.reason ?? "")
  }
}

extension Network {
  /// The pixels that the layers at the input were made for, and the first of these layers; `nil`
  /// where they do not show it.
  ///
  /// Rescaling and Normalization together are x → (x - center) / unit. Where a unit is several
  /// steps of a byte, they were made for bytes, and where it is a share of 1, for bytes divided by
  /// 255; so are the statistics of a batch normalization that reads the images themselves.
  fileprivate var scaledInput: (range: PixelRange, node: NetworkGraph.Node)? {
    var (slope, offset): (Float, Float) = (1, 0)
    var first: NetworkGraph.Node?
    // The values that are the pixels so far, moved around at most: channels may have been reversed.
    var pixels: Set = [NetworkGraph.input]
    for (position, node) in graph.nodes.enumerated() {
      guard node.inputs.allSatisfy(pixels.contains) else { break }
      if Self.movesPixels(node.layer) {
        pixels.insert(position)
        continue
      }
      // All ways lead through what scales.
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
    // Measured on pixels, which are nowhere negative, a mean is not much less than a deviation.
    guard center >= (first.layer is Rescaling ? -0.01 : 0.1) * unit else { return nil }
    if unit >= 4 || unit > 0.9 && center >= 10 { return (.bytes, first) }
    return unit < 0.9 && center <= 1 ? (.unit, first) : nil
  }

  /// Whether a layer yields the values that it reads, or zeros around them.
  private static func movesPixels(_ layer: any Layer) -> Bool {
    switch layer {
    case is ZeroPadding2D, is Cropping2D, is Reshape, is Dropout, is SelectChannels, is Concatenate:
      true
    default: false
    }
  }

  /// Slope and offset of a layer that scales its input, in the middle of its channels.
  private func affine(_ node: NetworkGraph.Node, isFirst: Bool) -> (Float, Float)? {
    func values(_ role: String) -> [Float] {
      self[ParameterName(layer: node.name, role: role)].values
    }
    func standardizing(_ mean: [Float], _ variance: [Float]) -> (Float, Float)? {
      // Channels that never change tell nothing.
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
  /// The middle value; 0 where there is none.
  fileprivate var median: Float { isEmpty ? 0 : sorted()[count / 2] }
}
