import ArgumentParser
import Foundation
import HDF5
import ModelFiles
import NeuralNetwork
import Records
import Tensors
import Transfer

/// Reads a model, runs it and writes its outputs; `make check-full` compares them with those of the
/// model's framework.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "Write what a model of Keras or PyTorch computes.")

  @Argument(
    help: ArgumentHelp("A model of Keras or PyTorch.", valueName: "path"), completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp(
      "HDF5 with images x [count, height, width, channels] and, for a step, labels y.",
      valueName: "path"),
    completion: .file())
  var images: String?

  @Option(help: ArgumentHelp("Structure of a weights-only file.", valueName: "name"))
  var architecture: String?

  @Option(
    help: ArgumentHelp(
      "Learning rate of one step of gradient descent over all images, after the outputs.",
      valueName: "rate"))
  var sgd: Double?

  @Option(
    help: ArgumentHelp(
      "File for outputs, counts and, after a step, parameters (HDF5).", valueName: "path"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "File to which the model is written as it was read (.keras or .weights.h5).",
      valueName: "path"),
    completion: .file())
  var export: String?

  func run() throws {
    let batch = try images.map(read)
    let watch = Stopwatch()
    let model = try ModelFile.read(
      file,
      options: ModelReadingOptions(
        architecture: try architecture.map(named), inputShape: batch?.shape),
      by: .guarded)
    let seconds = watch.wallSeconds
    let report = model.report
    print(
      "\(model.format.rawValue): \(report.layerCount) layers, \(report.parameterCount) parameters, "
        + "\(report.loaded.count) tensors loaded, read in \(seconds) s")
    if let export {
      try ModelFile.write(
        model.network, name: model.name, output: model.endsInSoftmax ? .probabilities : .logits,
        to: export)
    }
    guard let batch, let output else { return }
    let logits = try infer(model.network, batch)
    let trained = try sgd.map { try step(model.network, batch, rate: $0) }
    try HDF5File.replacing(output, attempt: "cannot write the outputs") { root in
      _ = try root.write(logits, shape: [batch.count, logits.count / batch.count], to: "outputs")
      try root.attributes.write(report.layerCount, to: "layers")
      try root.attributes.write(report.parameterCount, to: "parameters")
      try root.attributes.write(seconds, to: "seconds")
      for (name, tensor) in trained?.parameters ?? [:] {
        let sources = report.loaded.filter { $0.parameter == name }.map(\.source)
        let dataset = try root.write(
          tensor.values, shape: tensor.shape,
          to: "parameters/\(name.description.replacing("/", with: "|"))")
        try dataset.attributes.write(sources.first ?? "", to: "source")
      }
    }
  }

  private struct Batch {
    let shape: ImageShape
    let pixels: [Float]
    let labels: [Int32]
    var count: Int { pixels.count / shape.count }
  }

  private func read(_ path: String) throws -> Batch {
    let root = try HDF5File.open(path).root
    let x = try root.dataset("x")
    guard x.shape.count == 4, !x.shape.contains(0) else {
      throw Failure(.badData, "cannot probe", on: path, because: "x is \(x.shape)")
    }
    return Batch(
      shape: ImageShape(height: x.shape[1], width: x.shape[2], channels: x.shape[3]),
      pixels: try x.read(as: Float.self),
      labels: try root.contains("y") ? root.dataset("y").read(as: Int32.self) : [])
  }

  private func named(_ name: String) throws -> NamedArchitecture {
    guard let architecture = NamedArchitecture(rawValue: name) else {
      throw Failure(.usage, "cannot probe", because: "the architecture '\(name)' is unknown")
    }
    return architecture
  }

  private func infer(_ network: Network, _ batch: Batch) throws -> [Float] {
    let program = try InferenceProgram(network, batch: batch.count)
    fill(program.inputs[0], batch)
    try program.run()
    return program.outputs[0].withStorage { Array($0) }
  }

  private func fill(_ buffer: TensorBuffer, _ batch: Batch) {
    RowGather.copy(
      rows: Array(0..<batch.count)[...], of: batch.pixels, rowLength: batch.shape.count,
      into: buffer)
  }

  /// The network after one step over all images that trains every layer.
  private func step(_ network: Network, _ batch: Batch, rate: Double) throws -> Network {
    let graph = network.graph
    let trainable = Set(
      graph.nodes.filter { node in node.parameters.contains { $0.kind == .weight } }.map(\.name))
    let scope = try TrainingScope(graph: graph, trainableLayers: trainable)
    let store = ParameterStore(network: network, trainableLayers: scope.trainableLayers)
    let program = try TrainingProgram(
      graph, scope: scope, batch: batch.count, store: store, randomness: StepRandomness(seed: 1))
    let optimizer = try OptimizerState(.sgd(), store: store) { _ in rate }
    if scope.hasPrefix {
      // Layers without parameters below the first trained layer are not part of the step.
      let prefix = try InferenceProgram(network, batch: batch.count, to: scope.frontier)
      fill(prefix.inputs[0], batch)
      try prefix.run()
      for (input, output) in zip(program.inputs, prefix.outputs) {
        input.withStorage { target in
          output.withStorage { source in
            for index in target.indices { target[index] = source[index] }
          }
        }
      }
    } else {
      fill(program.inputs[0], batch)
    }
    _ = try program.step(labels: batch.labels[...], number: 0)
    try optimizer.apply(factor: 1)
    return try store.network()
  }
}
