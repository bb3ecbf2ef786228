import Foundation
import NeuralNetwork
import Records
import Testing
import Transfer

/// What is added to the loss or the update.
struct TechniquePenaltyTests {
  /// Weight decay subtracts rate × decay × weight from kernels, and from nothing else.
  @Test func weightDecay() throws {
    let (rate, decay) = (0.01, 0.5)
    let plain = try LibrarySample.oneStep(LibrarySample.run(rates: .uniform(rate)))
    let decayed = try LibrarySample.oneStep(
      LibrarySample.run(rates: .uniform(rate)) { $0.weightDecay = decay })
    let (without, with) = (plain.outcome.network, decayed.outcome.network)
    for (name, specification) in without.graph.parameters {
      let start = plain.start[name].values
      for (index, pair) in zip(without[name].values, with[name].values).enumerated() {
        let expected =
          name.role == "kernel" ? Double(pair.0) - rate * decay * Double(start[index]) : 0
        if name.role == "kernel" {
          #expect(abs(Double(pair.1) - expected) < 2e-5, "\(name)")
        } else {
          #expect(pair.0 == pair.1, "\(name) \(specification.kind)")
        }
      }
    }
  }

  /// L2-SP keeps the backbone nearer to the pretrained weights than training without it.
  @Test func startingPoint() throws {
    let images = LibrarySample.images(96)
    func distance(_ strength: Double) throws -> Double {
      let run = try LibrarySample.run(epochs: 6) {
        if strength > 0 {
          $0.startingPointPenalty = PenaltyStrengths(pretrained: strength, new: 0)
        }
      }
      let network = try run.train(on: images).network
      return network.distance(
        to: try run.job(for: images).network, in: run.model.layerNames)
    }
    let distances = try [0, 1, 100].map(distance)
    #expect(distances[1] < 0.9 * distances[0], "\(distances)")
    #expect(distances[2] < 0.9 * distances[1], "\(distances)")
  }

  /// Its step is rate × (gradient + α (w - w₀)), for the backbone's kernels alone.
  @Test func startingPointStep() throws {
    let images = LibrarySample.images(32)
    func step(_ strengths: PenaltyStrengths?) throws -> (start: Network, end: Network) {
      var job = try LibrarySample.run(rates: .uniform(0.1)) { $0.startingPointPenalty = strengths }
        .job(for: images)
      job.phases[0].schedule = .constant()
      job.optimizer = .sgd()
      // Away from the starting point, so that there is a pull.
      for (name, specification) in job.network.graph.parameters
      where name.role == "kernel" && specification.kind == .weight {
        job.network[name].values = job.network[name].values.map { $0 + 0.25 }
      }
      return (job.network, try Trainer.train(job, on: images).network)
    }
    let plain = try step(nil)
    let pulled = try step(PenaltyStrengths(pretrained: 0.5, new: 0.2))
    for (name, _) in plain.end.graph.parameters {
      let expected: (Int) -> Double = { index in
        switch (name.role, name.layer) {
        case ("kernel", "head"): -0.1 * 0.2 * Double(plain.start[name].values[index])
        case ("kernel", _): -0.1 * 0.5 * 0.25
        default: 0
        }
      }
      for (index, pair) in zip(plain.end[name].values, pulled.end[name].values).enumerated() {
        #expect(abs(Double(pair.1) - Double(pair.0) - expected(index)) < 1e-4, "\(name)")
      }
    }
  }

  /// Label smoothing: the loss is the cross-entropy to (1 - s) one-hot + s / classes.
  @Test func labelSmoothing() throws {
    let images = LibrarySample.images(32)
    let share = 0.3
    let run = try LibrarySample.run(.featureExtraction) { $0.labelSmoothing = share }
    let (start, outcome) = try LibrarySample.oneStep(run)
    let logits = try LibrarySample.forward(start, images.pixels).map(Double.init)
    let losses = images.labels.indices.map { image -> Double in
      let row = logits[image * 3..<(image + 1) * 3]
      let normalizer = log(row.reduce(0) { $0 + exp($1) })
      return row.enumerated().reduce(0) { sum, entry in
        let target =
          share / 3 + (entry.offset == Int(images.labels[image]) ? 1 - share : 0)
        return sum - target * (entry.element - normalizer)
      }
    }
    #expect(abs(outcome.history[0].loss - losses.reduce(0, +) / 32) < 1e-5)
  }

  /// Clipping: the update of one step without momentum has the norm rate × limit, in the direction
  /// that it has without.
  @Test func clipping() throws {
    func update(_ limit: Double?) throws -> [Double] {
      let run = try LibrarySample.run(rates: .uniform(1)) { $0.clippingNorm = limit }
      let (start, outcome) = try LibrarySample.oneStep(run, optimizer: .sgd())
      var changes: [Double] = []
      for (name, specification) in start.graph.parameters where specification.kind == .weight {
        for (after, before) in zip(outcome.network[name].values, start[name].values) {
          changes.append(Double(after) - Double(before))
        }
      }
      return changes
    }
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let (free, clipped) = (try update(nil), try update(0.05))
    #expect(norm(free) > 0.1)
    #expect(abs(norm(clipped) - 0.05) < 1e-4)
    let along = zip(free, clipped).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(along / norm(free) / norm(clipped) > 0.9999)
    #expect(try update(1e6) == free)
  }
}
