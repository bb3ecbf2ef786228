package import HDF5
package import Records

extension RaceFile {
  /// Whether an open file is that of a race, of any version.
  package static func isRace(_ root: HDF5Group) throws(HDF5Error) -> Bool {
    guard try root.attributes.contains(Attribute.title) else { return false }
    return (try? root.attributes.readString(Attribute.title)) == title
  }

  /// Reads a file that ``write(to:)`` wrote.
  ///
  /// What the arrays say is checked against each other; the text of the report is not read.
  ///
  /// - Parameter access: which process reads the file (default: this one); use a child process if
  ///   others may have changed the file.
  /// - Throws: `Failure` of kind `inputMissing` if there is no readable file, `badData` if it is
  ///   not the file of a race; the reason names what is wrong.
  package static func read(
    _ path: String, by access: FileAccess = .thisProcess
  ) throws -> RaceFile {
    do {
      return try RaceReader(path: path, root: HDF5File.open(path, by: access).root).read()
    } catch let error as HDF5Error {
      throw Failure(
        reading: error, attempt: ResultsReader.attempt,
        makeIt: "Make results with 'tlbench advise'.", layout: RaceReader.remedy)
    }
  }

  /// The failure of an attempt to read a file whose content is wrong.
  ///
  /// - Parameter text: the attribute that is wrong.
  package static func malformed(_ path: String, _ text: Text, _ reason: String) -> Failure {
    RaceReader.malformed(path, "@\(text.rawValue)", reason)
  }
}

/// Reads one file of a race.
private struct RaceReader {
  static let remedy = "Give results that 'tlbench advise' wrote."

  let path: String
  let root: HDF5Group

  private typealias Attribute = RaceFile.Attribute
  private typealias Variables = RaceFile.Variables

  func read() throws -> RaceFile {
    guard try RaceFile.isRace(root) else {
      throw malformed("@\(Attribute.title)", "it is not that of a race")
    }
    // The version comes first: another version may store everything else differently.
    try checkVersion()
    let names = try root.dataset(Variables.strategy.name).readStrings()
    guard names.count >= 2, Set(names).count == names.count else {
      throw malformed(Variables.strategy.name, "its names are not two or more different ones")
    }
    let labels = try numbers(Variables.label, as: Int32.self)
    guard labels.allSatisfy({ $0 >= 0 }) else {
      throw malformed(Variables.label.name, "a label is negative")
    }
    let folds = try folds(of: labels.count)
    let outcomes = try outcomes(names, folds, examples: labels.count)
    let standings = try standings(names.count)
    for (name, standing) in zip(names, standings) {
      let hasFold = folds.indices.contains { outcomes[RacePiece(strategy: name, fold: $0)] != nil }
      guard hasFold == (standing != nil) else {
        throw malformed(
          Variables.standings[0].name,
          hasFold
            ? "\(name) has no value, but it has results" : "\(name) has a value, but no results")
      }
    }
    let texts = try RaceFile.Text.allCases.map { ($0, try root.attributes.readString($0.rawValue)) }
    return RaceFile(
      names: names, folds: folds, labels: labels, outcomes: outcomes, standings: standings,
      texts: Dictionary(uniqueKeysWithValues: texts))
  }

  private func checkVersion() throws {
    let isFirst = try !root.attributes.contains(Attribute.formatVersion)
    let version =
      try isFirst ? 1 : root.attributes.readNumber(Attribute.formatVersion, as: Int.self)
    guard version == RaceFile.formatVersion else {
      throw malformed(
        "@\(Attribute.formatVersion)",
        "it has format \(version), but this version reads format \(RaceFile.formatVersion)",
        remedy: isFirst
          ? "Run the same 'tlbench advise' again: what its journal holds is not trained again."
          : "Read it with the version of tlbench that wrote it, or run the race again.")
    }
  }

  /// The examples of every fold, in ascending order.
  private func folds(of examples: Int) throws -> [[Int]] {
    let count = try countedFromZero(Variables.fold)
    guard try countedFromZero(Variables.example) == examples else {
      throw malformed(Variables.example.name, "there are not as many as labels, \(examples)")
    }
    let foldOf = try numbers(Variables.foldOfExample, shape: [examples], as: Int.self)
    guard foldOf.allSatisfy({ (0..<count).contains($0) }) else {
      throw malformed(
        Variables.foldOfExample.name, "an example is in none of the \(count) folds")
    }
    guard Set(foldOf).count == count else {
      throw malformed(Variables.foldOfExample.name, "a fold has no example")
    }
    var folds = [[Int]](repeating: [], count: count)
    for (row, fold) in foldOf.enumerated() { folds[fold].append(row) }
    return folds
  }

  /// The length of an axis whose coordinates count from 0.
  private func countedFromZero(_ variable: Variable<Void>) throws -> Int {
    let numbers = try numbers(variable, as: Int.self)
    guard numbers.elementsEqual(numbers.indices) else {
      throw malformed(variable.name, "its numbers do not count from 0")
    }
    return numbers.count
  }

  private func outcomes(
    _ names: [String], _ folds: [[Int]], examples: Int
  ) throws -> [RacePiece: PieceOutcome] {
    let shape = [names.count, examples]
    let correct = try numbers(Variables.correct, shape: shape, as: Int32.self)
    let losses = try numbers(Variables.logLoss, shape: shape, as: Double.self)
    let seconds = try numbers(
      Variables.cpuSeconds, shape: [names.count, folds.count], as: Double.self)
    guard correct.allSatisfy({ (-1...1).contains($0) }) else {
      throw malformed(Variables.correct.name, "a value is not 1, 0 or -1")
    }
    var outcomes: [RacePiece: PieceOutcome] = [:]
    for (index, name) in names.enumerated() {
      for (fold, rows) in folds.enumerated() {
        let places = rows.map { index * examples + $0 }
        let known = places.count { correct[$0] >= 0 }
        guard known == 0 || known == rows.count else {
          throw malformed(
            Variables.correct.name,
            "\(name) has \(known) of the \(rows.count) examples of fold \(fold)")
        }
        let time = seconds[index * folds.count + fold]
        guard known > 0 else {
          guard time.isNaN else {
            throw malformed(
              Variables.cpuSeconds.name, "\(name) has a time for fold \(fold), but no results")
          }
          continue
        }
        guard time.isNaN || (0..<Double.infinity).contains(time) else {
          throw malformed(Variables.cpuSeconds.name, "\(time) is not a time")
        }
        let own = places.map { losses[$0] }
        outcomes[RacePiece(strategy: name, fold: fold)] = .completed(
          PieceResult(
            correct: places.map { correct[$0] == 1 },
            logLosses: own.allSatisfy(\.isNaN) ? [] : own, cpuSeconds: time, wallSeconds: .nan))
      }
    }
    return outcomes
  }

  private func standings(_ count: Int) throws -> [RaceFile.Standing?] {
    let columns = try Variables.standings.map {
      try numbers($0, shape: [count], as: Double.self)
    }
    return try (0..<count).map { index in
      let values = columns.map { $0[index] }
      if values.allSatisfy(\.isNaN) { return nil }
      for (variable, value) in zip(Variables.standings, values) where !value.isFinite {
        throw malformed(variable.name, "\(value) is not a fraction")
      }
      return RaceFile.Standing(
        within: values[0], best: values[1], expectedRegret: values[2], bound: values[3])
    }
  }

  /// The numbers of a variable.
  ///
  /// - Parameter shape: the shape that it must have (default: one axis of any length).
  private func numbers<T: HDF5Number, Value>(
    _ variable: Variable<Value>, shape: [Int]? = nil, as type: T.Type
  ) throws -> [T] {
    let dataset = try root.dataset(variable.name)
    if let shape, dataset.shape != shape {
      throw malformed(
        variable.name, "its shape is \(dataset.shape), but the others require \(shape)")
    }
    guard dataset.shape.count == shape?.count ?? 1 else {
      throw malformed(variable.name, "its shape is \(dataset.shape), but it needs one axis")
    }
    if T.self != Double.self, case .float = dataset.elementType {
      throw malformed(
        variable.name, "its elements are \(dataset.elementType), not whole numbers")
    }
    return try dataset.read(as: type)
  }

  private func malformed(_ object: String, _ reason: String, remedy: String? = nil) -> Failure {
    Self.malformed(path, object, reason, remedy: remedy)
  }

  static func malformed(
    _ path: String, _ object: String, _ reason: String, remedy: String? = nil
  ) -> Failure {
    Failure(
      .badData, ResultsReader.attempt, on: "\(path):/\(object)", because: reason,
      remedy: remedy ?? Self.remedy)
  }
}
