import HDF5
import NeuralNetwork
import Tensors
import Testing

/// A whole network against PyTorch in double precision (medium.h5).
///
/// Tensors are compared as wholes: the Euclidean norm of the difference must be below 1e-4 of the
/// norm of PyTorch's tensor. Single numbers may differ by more where they are small.
struct MediumReferenceTests {
  private let file: HDF5Group
  private let network: Network
  private let run: TrainingRun
  private let tolerance = 1e-4

  init() throws {
    file = try Fixture.open("medium.h5")
    network = try Network(graph: .medium(), parameters: file.group("parameters").parameters())
    run = try TrainingRun(network, batch: 8)
  }

  private func step() throws -> SoftmaxCrossEntropy.Sums {
    try run.step(
      file.floats("x"), labels: file.dataset("labels").read(as: Int32.self))
  }

  /// Logits in training mode, by the batch's statistics.
  @Test func trainingLogits() throws {
    _ = try step()
    let distance = relativeDistance(run.program.lastLogits, try file.floats("logits_training"))
    #expect(distance < tolerance)
  }

  /// Logits in inference mode, by the stored statistics.
  @Test func inferenceLogits() throws {
    let logits = try infer(network, file.floats("x"), batch: 8)[0]
    #expect(relativeDistance(logits, try file.floats("logits_inference")) < tolerance)
  }

  /// The mean loss.
  @Test func loss() throws {
    let expected = Double(try file.floats("loss")[0])
    #expect(abs(try step().loss / 8 - expected) < tolerance * expected)
  }

  /// The gradient of every trainable parameter.
  @Test func gradients() throws {
    _ = try step()
    let expected = try file.group("gradients").parameters()
    #expect(Set(expected.keys) == Set(run.store.trainable.map(\.name)))
    for (name, gradient) in expected {
      let found = try #require(try run.store.gradient(of: name))
      #expect(relativeDistance(found, gradient.values) < tolerance, "\(name)")
    }
  }

  /// The loss before each of five Adam steps on the same batch.
  @Test func lossByStep() throws {
    let optimizer = try run.optimizer()
    for (index, expected) in try file.floats("loss_by_step").enumerated() {
      let loss = try step().loss / 8
      #expect(abs(loss - Double(expected)) < tolerance * Double(expected), "step \(index)")
      try optimizer.apply(factor: 1)
    }
  }

  /// Every parameter and moving statistic after five Adam steps.
  @Test func parametersAfterAdam() throws {
    let optimizer = try run.optimizer()
    for _ in 0..<5 {
      _ = try step()
      try optimizer.apply(factor: 1)
    }
    let after = try run.store.network()
    for (name, expected) in try file.group("after_adam_5").parameters() {
      #expect(relativeDistance(after[name].values, expected.values) < tolerance, "\(name)")
    }
  }
}
