import HDF5
import NeuralNetwork
import Records
import Tensors
import Testing

/// Single layers and residual blocks against PyTorch in double precision (layers.h5).
///
/// Tensors are compared by the norm of the difference over the norm of PyTorch's tensor.
struct LayerReferenceTests {
  private let tolerance = 1e-5

  /// Convolutions of strides 1 and 2 with the padding of Keras: output and all three gradients.
  @Test(
    arguments: [
      ("conv_3x3_stride1_same_7x9", 3, 1), ("conv_3x3_stride2_same_8x8", 3, 2),
      ("conv_3x3_stride2_same_7x9", 3, 2), ("conv_1x1_stride2_same_8x8", 1, 2),
      ("conv_1x1_stride2_same_7x9", 1, 2),
    ])
  func convolutions(name: String, kernelSize: Int, stride: Int) throws {
    let run = try ReferenceRun(name) { graph in
      let layer = Conv2D(filters: 4, kernelSize: kernelSize, stride: stride, hasBias: true)
      try graph.add("layer", layer, .middle)
    }
    try run.check(["kernel", "bias"], to: tolerance)
  }

  /// Pooling drops what does not fill a window; the mean is over all of the image.
  @Test(arguments: ["max_pool_2x2_7x9", "global_average_pool_4x5"])
  func pools(name: String) throws {
    let run = try ReferenceRun(name) { graph in
      let layer: any Layer = name.hasPrefix("max") ? MaxPool2D() : GlobalAveragePool2D()
      try graph.add("layer", layer, .middle)
    }
    try run.check([], to: tolerance)
  }

  /// Normalization by the batch: output, gradients and the statistics that move.
  @Test func normalizationInTraining() throws {
    let run = try ReferenceRun("batch_norm_training") { graph in
      try graph.add("layer", BatchNorm(), .middle)
    }
    try run.check(["gamma", "beta"], to: tolerance)
    let after = try run.training.store.network()
    for role in ["moving_mean", "moving_variance"] {
      let found = after[ParameterName(layer: "layer", role: role)].values
      let expected = try run.group.floats("\(role)_after")
      #expect(relativeDistance(found, expected) < tolerance, "\(role)")
    }
  }

  /// A frozen normalization inside a training step uses the stored statistics and passes the
  /// gradient on.
  @Test func frozenNormalization() throws {
    let run = try ReferenceRun("batch_norm_frozen", frozen: ["layer"]) { graph in
      try graph.add("layer", BatchNorm(), .middle)
    }
    try run.check([], to: tolerance)
  }

  /// Residual blocks with both kinds of shortcut: the gradients of both paths meet.
  @Test(arguments: [("residual_identity", 1), ("residual_projection", 2)])
  func residualBlocks(name: String, stride: Int) throws {
    let run = try ReferenceRun(name) { graph in
      try graph.addResidualBlock("", filters: 8, stride: stride, convolutionsHaveBias: true)
    }
    let parameters = run.training.store.trainable.map(\.name).filter { $0.layer != "probe" }
    #expect(parameters.count == (stride == 1 ? 8 : 12))
    // A bias in front of a normalization has no gradient but rounding, which has no relative size.
    let biases = parameters.filter { $0.role == "bias" }
    let others = parameters.filter { $0.role != "bias" }
    try run.check(others.map { "\($0.layer)_\($0.role)" }, to: tolerance)
    for name in biases {
      let gradient = try #require(try run.training.store.gradient(of: name))
      #expect(gradient.allSatisfy { abs($0) < 1e-4 }, "\(name)")
    }
  }
}
