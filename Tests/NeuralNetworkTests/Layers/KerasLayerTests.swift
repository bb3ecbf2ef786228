import HDF5
import NeuralNetwork
import Records
import Tensors
import Testing

/// Every layer and option against Keras in double precision (keras_layers.h5).
struct KerasLayerTests {
  private let tolerance = 1e-5

  /// A training step leaves Keras' output, gradient of the input and gradient of every weight.
  ///
  /// Groups that are not in training mode are normalized by the moving statistics, which a frozen
  /// layer uses.
  @Test(arguments: KerasLayerCase.all)
  func trainingStep(_ layerCase: KerasLayerCase) throws {
    let run = try ReferenceRun(
      layerCase.name, in: "keras_layers.h5", movesStatistics: layerCase.movesStatistics,
      build: layerCase.build)
    let weights = run.training.store.trainable.map(\.name).filter { $0.layer != "probe" }
    let stored = try run.group.childNames().filter { $0.hasPrefix("gradient_") }
    let expected = weights.map { "gradient_\(ReferenceRun.dataset($0))" }
    #expect(Set(stored) == Set(expected + ["gradient_x", "gradient_output"]))
    try run.check(weights.map(ReferenceRun.dataset), to: tolerance)
  }

  /// Inference gives Keras' output.
  @Test(arguments: KerasLayerCase.all.filter { !$0.movesStatistics })
  func inference(_ layerCase: KerasLayerCase) throws {
    let run = try ReferenceRun(
      layerCase.name, in: "keras_layers.h5", movesStatistics: false, build: layerCase.build)
    let values = try run.group.floats("x")
    let batch = run.training.program.batch
    let output = try infer(run.network, values, batch: batch)[0]
    #expect(relativeDistance(output, try run.group.floats("output")) < tolerance)
  }

  /// The file holds no group that no case checks.
  @Test func completeness() throws {
    let names = try Fixture.open("keras_layers.h5").childNames()
    #expect(Set(names) == Set(KerasLayerCase.all.map(\.name)))
  }
}

extension KerasLayerCase {
  fileprivate var movesStatistics: Bool { name.hasSuffix("_training") }
}
