import HDF5
import NeuralNetwork
import Records
import TaskData
import Transfer

extension DataFileOptions {
  /// The options for reading a labelled set for a network, which decides what they leave open.
  ///
  /// - Parameter feed: the pixels that the network expects; `nil` if that is unknown.
  /// - Throws: `Failure` of kind `usage` that names the option.
  func options(for network: Network, _ feed: PixelFeed?) throws -> DatasetOptions {
    var options = try options()
    if let tokens = network.tokenInput {
      options.tokens = tokens
      return options
    }
    guard maxLength == nil else {
      throw OptionValues.refused(
        "--max-length", "the network reads images, not texts", "Leave it out.")
    }
    // Grey images become colour images if the network takes those.
    if options.channels == nil, network.graph.inputShape.channels == 3 { options.channels = 3 }
    if options.preprocess == nil, let word = feed?.preprocess {
      options.preprocess = try Choice<Preprocessing>(argument: word).value(of: "--preprocess")
    }
    options.expected = PixelFeed.expected(of: network, feed)
    return options
  }

  /// Reads a labelled set for a network and announces what was decided in reading it.
  ///
  /// - Parameter splits: whether a test set is split off if the file has none.
  /// - Throws: `Failure` if it cannot be read, or has images that the network does not take.
  func read(
    _ path: String, for file: PretrainedModel.FromFile, splits: Bool = true,
    announce: (String) -> Void
  ) throws -> LabeledDataset {
    let feed = file.feed
    let options = try options(for: file.model.network, feed)
    if preprocess == nil, let feed, feed.preprocess != nil {
      announce(
        "\(path): its \(file.model.network.inputContent) are preprocessed in the same way: "
          + feed.reason)
    }
    let dataset = try DatasetFile.read(path, options, by: .guarded, memory: memory())
    for note in dataset.notes where splits || note != LabeledDataset.splitNote {
      announce("\(path): \(note)")
    }
    let (train, shape) = (dataset.train, dataset.train.shape)
    let content =
      dataset.tokens != nil
      ? "texts of up to \(shape.width) places"
      : shape.height * shape.width == 1
        ? "vectors of \(shape.channels) features" : "images of \(shape)"
    announce("\(path): \(train.count) \(content) in \(train.classCount) classes")
    return dataset
  }
}
