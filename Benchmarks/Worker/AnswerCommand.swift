import ArgumentParser
import Foundation
import HDF5
import Records
import TaskData
import Transfer

/// Reads requests of the benchmark, one JSON object per line, and answers each with a line of JSON.
///
/// `make bench` runs it beside other programs that answer the same requests.
struct AnswerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer", abstract: "Answer requests of the benchmark, a line of JSON each.")

  @Option(
    help: ArgumentHelp("Folder of the tasks.", valueName: "folder"), completion: .directory)
  var tasks = "Datasets"

  func run() throws {
    var answerer = Answerer(
      folder: TaskFolder(tasks, settings: TaskSettings(), by: .guarded))
    let encoder = JSONEncoder()
    while let line = readLine() {
      let request = try Request(line: line)
      print(String(decoding: try encoder.encode(try answerer.answer(to: request)), as: UTF8.self))
      fflush(nil)
    }
  }
}

/// A request for one measurement.
struct Request: Decodable {
  enum Work: String, Decodable {
    /// Training steps from the same start on the same batches.
    case step
    /// Training steps of a network like `medium` with given extents.
    case extents
    /// The backbone's features of all images of a set.
    case backbone
    /// A linear probe on the features of all training images.
    case probe
    /// The runs of one task, as a sweep performs them.
    case runs = "cells"
    /// The order in which training sets take the rows of a task.
    case order
    /// Training steps of a large network, or passes forward through it, on one batch.
    case large
    /// The kernels that training steps run.
    case kernels
    /// How fast the processor multiplies and adds, by instruction set.
    case peak
    /// The libraries, the processor and its instruction set.
    case versions
  }

  /// The parts of a task.
  enum Part: String, Decodable {
    case train, test
  }

  let work: Work
  var architecture = Architecture.medium
  var similarity = Similarity.medium
  var replicate = 0
  var extents = Extents()
  /// Passes over the training examples.
  var passes = 1
  var set = Part.train
  /// Examples per run of the backbone.
  var batch = 32
  /// The file for the features, as plain float32; `nil` to write none.
  var featuresFile: String?
  var sizes: [Int] = []
  var strategies: [String] = []
  /// Runs that train in parallel.
  var jobs = 1
  /// The files of a large network and of a batch of images for it.
  var weightsFile = "", imagesFile = ""
  /// Whether a large network is trained, and not only run forward.
  var trains = true

  private enum Key: String, CodingKey {
    case work, architecture, similarity, replicate, set, passes, batch, sizes, jobs
    case side, filters, convolutions, trains
    case strategies = "arms"
    case featuresFile = "features_file"
    case weightsFile = "weights_file"
    case imagesFile = "images_file"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    work = try values.decode(Work.self, forKey: .work)
    func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(.architecture, into: &architecture)
    try read(.replicate, into: &replicate)
    try read(.set, into: &set)
    try read(.side, into: &extents.side)
    try read(.filters, into: &extents.filters)
    try read(.convolutions, into: &extents.convolutions)
    try read(.passes, into: &passes)
    try read(.batch, into: &batch)
    try read(.sizes, into: &sizes)
    try read(.strategies, into: &strategies)
    try read(.jobs, into: &jobs)
    try read(.weightsFile, into: &weightsFile)
    try read(.imagesFile, into: &imagesFile)
    try read(.trains, into: &trains)
    featuresFile = try values.decodeIfPresent(String.self, forKey: .featuresFile)
    if let text = try values.decodeIfPresent(String.self, forKey: .similarity) {
      guard let known = Similarity(text) else {
        throw DecodingError.dataCorruptedError(
          forKey: .similarity, in: values, debugDescription: "'\(text)' is not a similarity")
      }
      similarity = known
    }
  }

  /// - Throws: `Failure` of kind `usage` for a line that is not a request or has impossible values.
  init(line: String) throws {
    do {
      self = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    } catch {
      throw Failure(.usage, "cannot read the request", on: line, because: "\(error)")
    }
    try Self.check(passes, of: "passes", in: 1...1_000_000)
    try Self.check(batch, of: "batch", in: 1...65_536)
    try Self.check(extents.side, of: "side", in: 8...1024)
    try Self.check(extents.filters, of: "filters", in: 1...1024)
    try Self.check(extents.convolutions, of: "convolutions", in: 1...64)
    try Self.check(jobs, of: "jobs", in: 1...1024)
    try Self.check(replicate, of: "replicate", in: 0...9_999)
  }

  private static func check(_ value: Int, of name: String, in range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw Failure(
        .usage, "cannot answer", on: name,
        because: "\(value) is not in \(range.lowerBound)...\(range.upperBound)")
    }
  }
}
