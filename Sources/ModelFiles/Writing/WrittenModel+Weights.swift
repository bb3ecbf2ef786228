import HDF5
import Tensors

extension WrittenModel {
  /// The attribute of a `.weights.h5` file that holds the ``ModelNote``, which Keras does not need.
  static let noteAttribute = "tlbench"
  /// The attribute that holds the configuration, as in Keras' whole-model files, so that a file of
  /// weights includes their structure.
  static let configurationAttribute = "model_config"

  /// Writes the weights in the layout of Keras 3.
  func writeWeights(to root: HDF5Group) throws {
    var counter = KerasNames.Counter()
    for layer in ordered {
      let variables = try root.createGroup("layers/\(counter.group(of: layer.className))/vars")
      try variables.attributes.write(layer.name, to: "name")
      for (index, tensor) in layer.tensors.enumerated() {
        // A tensor without axes is a count, which Keras keeps as an integer.
        if tensor.shape.isEmpty {
          _ = try variables.write(tensor.values.map { Int32($0) }, shape: [], to: "\(index)")
        } else {
          _ = try variables.write(tensor.values, shape: tensor.shape, to: "\(index)")
        }
      }
    }
    let variables = try root.createGroup("vars")
    try variables.attributes.write(name, to: "name")
  }
}
