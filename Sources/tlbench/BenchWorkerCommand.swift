import ArgumentParser
import Foundation
import Records
import TaskData
import Transfer

/// Does what the benchmark asks for, a JSON object per line, and answers each with a line of JSON;
/// `make bench` drives it beside other programs that answer the same requests.
struct BenchWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-worker", shouldDisplay: false)

  @OptionGroup var tasks: TaskOptions

  func run() throws {
    var bench = BenchWorker(folder: try tasks.folder())
    let encoder = JSONEncoder()
    while let line = readLine() {
      let request = try BenchRequest(line: line)
      print(String(decoding: try encoder.encode(try bench.answer(to: request)), as: UTF8.self))
      try Console.finishOutput()
    }
  }
}

/// One thing to measure.
struct BenchRequest: Decodable {
  enum Work: String, Decodable {
    /// Training steps from the same start on the same batches.
    case step
    /// Training steps of a network like `medium` of any extents.
    case extents
    /// The backbone over all images of a set.
    case backbone
    /// A linear probe on the features of all training images.
    case probe
    /// Cells of one task, as a sweep runs them.
    case cells
    /// The rows that training sets are made of.
    case order
    /// What does the work, and on what.
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
  var extents = BenchExtents()
  /// Passes over the examples that steps are taken on.
  var passes = 1
  var set = Part.train
  /// Examples per run of the backbone.
  var batch = 32
  /// Where to write the features, as plain float32, if anywhere.
  var featuresFile: String?
  var sizes: [Int] = []
  /// Names of arms.
  var arms: [String] = []
  /// Cells that train at the same time.
  var jobs = 1

  private enum Key: String, CodingKey {
    case work, architecture, similarity, replicate, set, passes, batch, sizes, arms, jobs
    case side, filters, convolutions
    case featuresFile = "features_file"
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
    try read(.arms, into: &arms)
    try read(.jobs, into: &jobs)
    featuresFile = try values.decodeIfPresent(String.self, forKey: .featuresFile)
    if let text = try values.decodeIfPresent(String.self, forKey: .similarity) {
      guard let known = Similarity(text) else {
        throw DecodingError.dataCorruptedError(
          forKey: .similarity, in: values, debugDescription: "'\(text)' is no similarity")
      }
      similarity = known
    }
  }

  /// - Throws: `Failure` of kind `usage` for a line that is no request, or asks for the impossible.
  init(line: String) throws {
    do {
      self = try JSONDecoder().decode(BenchRequest.self, from: Data(line.utf8))
    } catch {
      throw Failure(.usage, "cannot read the request", on: line, because: "\(error)")
    }
    try OptionValues.check(passes, of: "passes", in: 1...1_000_000)
    try OptionValues.check(batch, of: "batch", in: 1...65_536)
    try OptionValues.check(extents.side, of: "side", in: 8...1024)
    try OptionValues.check(extents.filters, of: "filters", in: 1...1024)
    try OptionValues.check(extents.convolutions, of: "convolutions", in: 1...64)
    try OptionValues.check(jobs, of: "jobs", in: 1...1024)
    try OptionValues.check(replicate, of: "replicate", in: 0...9_999)
  }
}
