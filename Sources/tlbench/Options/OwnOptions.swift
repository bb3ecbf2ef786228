import ArgumentParser

/// The user's network and labelled set.
struct OwnOptions: ParsableArguments {
  /// `nil` if the set has stored features.
  @Option(
    help: ArgumentHelp(
      """
      Pretrained network: from tlbench, Keras (.keras, .h5, .weights.h5), PyTorch (.pth, \
      .safetensors, .h5) or transformers (a folder); left out for stored features.
      """, valueName: "path"),
    completion: .file(extensions: ["h5", "hdf5", "keras", "safetensors", "pth", "pt", "bin"]))
  var weights: String?

  @Option(
    help: ArgumentHelp("Labelled images, feature vectors or token ids (HDF5).", valueName: "path"),
    completion: .file(extensions: ["h5", "hdf5"]))
  var data: String
}
