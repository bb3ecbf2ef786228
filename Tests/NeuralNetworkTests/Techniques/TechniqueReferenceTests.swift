import NeuralNetwork
import Tensors
import Testing

/// Ten steps with each training technique against PyTorch in double precision (techniques.h5).
///
/// Tensors are compared as wholes, by the Euclidean norm of the difference. Single numbers may
/// differ by more where they are small.
struct TechniqueReferenceTests {
  private let file: TechniqueFile

  init() throws { file = try TechniqueFile() }

  /// Every case of the file is compared.
  @Test func everyCase() throws {
    #expect(try TechniqueCase.all.map(\.name).sorted() == file.caseNames())
  }

  /// The loss before each step, smoothing included and penalty not, to 1e-4.
  @Test(arguments: TechniqueCase.all)
  func lossByStep(technique: TechniqueCase) throws {
    let run = try TechniqueRun(technique, file)
    let expected = try file.reference(technique.name).lossByStep
    #expect(run.lossByStep.count == expected.count)
    for (step, (found, expected)) in zip(run.lossByStep, expected).enumerated() {
      #expect(abs(found / Double(expected) - 1) < 1e-4, "step \(step)")
    }
  }

  /// Every parameter and moving statistic after ten steps, to 1e-4 of its norm.
  @Test(arguments: TechniqueCase.all)
  func parameters(technique: TechniqueCase) throws {
    let after = try TechniqueRun(technique, file).network
    let expected = try file.reference(technique.name).after
    #expect(Set(expected.keys) == Set(after.parameters.keys))
    for (name, tensor) in expected {
      let distance = norm(of: difference(after[name], tensor))
      #expect(distance < 1e-4 * norm(of: tensor.values), "\(name)")
    }
  }

  /// How far every tensor moved, to 1e-4 of the movement plus ten roundings to single precision.
  ///
  /// Ten steps move a layer with a low rate by little more than 1e-4 of its norm, so that the
  /// comparison of the values alone says little of it.
  @Test(arguments: TechniqueCase.all)
  func movements(technique: TechniqueCase) throws {
    let (after, start) = (
      try TechniqueRun(technique, file).network, try file.start(of: technique)
    )
    for (name, tensor) in try file.reference(technique.name).after {
      let allowed = allowed(start[name], tensor)
      #expect(norm(of: difference(after[name], tensor)) <= allowed, "\(name)")
    }
  }

  /// In every phase, exactly what is frozen keeps its bits: weights of layers that are not trained,
  /// and statistics of normalizations that do not use those of the batch.
  @Test(arguments: TechniqueCase.all)
  func frozenTensors(technique: TechniqueCase) throws {
    for phase in try TechniqueRun(technique, file).phases {
      for (name, specification) in phase.before.graph.parameters {
        let isChanging =
          specification.kind == .statistic
          ? phase.scope.batchStatisticsLayers.contains(name.layer)
          : phase.scope.trainableLayers.contains(name.layer)
            && !phase.scope.frozenParameters.contains(name)
        let (before, after) = (phase.before[name].values, phase.after[name].values)
        let isKept = before.map(\.bitPattern) == after.map(\.bitPattern)
        #expect(isKept == !isChanging, "\(name)")
      }
    }
  }

  /// The norm of the gradient, to 1e-4, is above the limit in some steps and below it in others.
  ///
  /// Not for penalties, whose gradient the engine adds later, in the optimizer.
  @Test(arguments: TechniqueCase.clipped.filter { $0.penalty == nil })
  func gradientNorms(technique: TechniqueCase) throws {
    let limit = try #require(technique.clippingNorm)
    let norms = try TechniqueRun(technique, file).gradientNormByStep
    let expected = try file.reference(technique.name).gradientNormByStep
    for (found, expected) in zip(norms, expected) {
      #expect(abs(found / Double(expected) - 1) < 1e-4)
    }
    #expect(norms.contains { $0 > limit } && norms.contains { $0 < limit })
  }

  /// A technique that did nothing would be noticed: PyTorch's plain steps are outside of what is
  /// allowed around its steps with the technique, by a factor of twenty or more.
  @Test(arguments: TechniqueCase.all.filter { !$0.name.hasPrefix("plain") })
  func techniqueMatters(technique: TechniqueCase) throws {
    let usesSGD = if case .sgd = technique.optimizer { true } else { false }
    let plain = try file.reference(usesSGD ? "plain_sgd" : "plain").after
    let reference = try file.reference(technique.name).after
    let ratios = reference.compactMap { name, tensor in
      plain[name].map {
        norm(of: difference($0, tensor)) / allowed(file.network[name], tensor)
      }
    }
    #expect(try #require(ratios.max()) > 20)
  }

  private func allowed(_ before: Tensor, _ after: Tensor) -> Double {
    1e-4 * norm(of: difference(after, before)) + 1e-6 * norm(of: after.values)
  }

  private func difference(_ a: Tensor, _ b: Tensor) -> [Float] {
    zip(a.values, b.values).map { $0 - $1 }
  }

  private func norm(of values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
