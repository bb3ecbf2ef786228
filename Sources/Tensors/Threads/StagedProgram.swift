/// A sequence of stages, each of which begins when the one before it has ended.
///
/// A class because it keeps how its stages are divided among threads. Not for use by two threads at
/// the same time, except by the threads of a run.
package final class StagedProgram {
  let stages: [Stage]
  /// The largest number of threads that can be at work at the same time, at least 1.
  let mostThreads: Int
  private let threads: Threads
  private let prepare: (_ helpers: Int) throws -> Void
  private var divisions: [Int: Division] = [:]
  /// Whether helpers make the program faster.
  var trial = SharingTrial()

  /// - Parameters:
  ///   - threads: the threads that run the program.
  ///   - prepare: called before a run that threads help with, with their largest number.
  package init(
    _ stages: [Stage], on threads: Threads, prepare: @escaping (_ helpers: Int) throws -> Void
  ) {
    self.stages = Stage.joined(stages)
    mostThreads = max(1, self.stages.map(\.units).max() ?? 1)
    self.threads = threads
    self.prepare = prepare
  }

  /// Runs all stages and returns when done.
  package func run() throws { try threads.run(self) }

  /// A run that the calling thread shares with helpers.
  func shared(with helpers: Int) throws -> SharedRun {
    try prepare(helpers)
    let division = division(among: helpers + 1)
    division.runs += 1
    return SharedRun(stages, division, helpers: helpers)
  }

  /// Runs all stages on the calling thread.
  func runAlone() throws {
    for stage in stages { try stage.body(0..<stage.units, 0) }
  }

  /// The division of the units of all stages among a number of threads.
  private func division(among threads: Int) -> Division {
    if let division = divisions[threads] { return division }
    let division = Division(stages, threads: threads)
    divisions[threads] = division
    return division
  }

  /// The parts of all stages, of which each has at least one unit, numbered in their order.
  final class Division {
    /// For each stage, the number of its first part; at the end, the number of all parts.
    let starts: [Int]
    let claims: PartClaims
    /// The number of runs that were divided in this way.
    var runs = 0

    var count: Int { starts[starts.count - 1] }

    init(_ stages: [Stage], threads: Int) {
      var starts = [0]
      for stage in stages { starts.append(starts[starts.count - 1] + min(stage.units, threads)) }
      self.starts = starts
      claims = PartClaims(count: starts[starts.count - 1])
    }

    /// The number of parts of a stage.
    func parts(of stage: Int) -> Int { starts[stage + 1] - starts[stage] }

    /// The units of a part of a stage, which has parts that differ by one unit at most.
    func units(of part: Int, of stage: Int, units: Int) -> Range<Int> {
      let (index, parts) = (part - starts[stage], parts(of: stage))
      return index * units / parts..<(index + 1) * units / parts
    }
  }
}
