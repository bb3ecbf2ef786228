import HDF5
import Records

extension RaceFile {
  /// Writes the file atomically: a reader sees the old file or the new one, never a part.
  ///
  /// - Throws: `Failure` of kind `cannotCreate` or `inputOutput`.
  package func write(to path: String) throws {
    try HDF5File.replacing(path, attempt: "cannot write the results") { root in
      let attributes = root.attributes
      try attributes.write("CF-1.10", to: Attribute.conventions)
      try attributes.write(Self.title, to: Attribute.title)
      try attributes.write(Self.formatVersion, to: Attribute.formatVersion)
      for text in Text.allCases { try attributes.write(self[text], to: text.rawValue) }
      try writeVariables(to: root)
    }
  }

  private func writeVariables(to root: HDF5Group) throws {
    let strategy = try scale(root.write(names, to: Variables.strategy.name), Variables.strategy)
    let fold = try scale(
      root.write(Array(folds.indices), shape: [folds.count], to: Variables.fold.name),
      Variables.fold)
    let example = try scale(
      root.write(Array(labels.indices), shape: [labels.count], to: Variables.example.name),
      Variables.example)
    let (correct, losses) = examples()
    try write(correct, Variables.correct, over: [strategy, example], of: root)
    try write(losses, Variables.logLoss, over: [strategy, example], of: root)
    let seconds = names.flatMap { name in
      folds.indices.map {
        outcomes[RacePiece(strategy: name, fold: $0)]?.result?.cpuSeconds ?? .nan
      }
    }
    try write(seconds, Variables.cpuSeconds, over: [strategy, fold], of: root)
    try write(labels, Variables.label, over: [example], of: root)
    var foldOf = [Int32](repeating: -1, count: labels.count)
    for (fold, rows) in folds.enumerated() { for row in rows { foldOf[row] = Int32(fold) } }
    try write(foldOf, Variables.foldOfExample, over: [example], of: root)
    for variable in Variables.standings {
      let values = standings.map { $0?[keyPath: variable.value] ?? .nan }
      try write(values, variable, over: [strategy], of: root)
    }
  }

  private func scale(_ dataset: HDF5Dataset, _ variable: Variable<Void>) throws -> HDF5Dataset {
    try dataset.makeScale(named: variable.name)
    try variable.describe(dataset)
    return dataset
  }

  private func write<T: HDF5Number, Value>(
    _ values: [T], _ variable: Variable<Value>, over axes: [HDF5Dataset], of root: HDF5Group
  ) throws {
    let dataset = try root.write(values, shape: axes.map { $0.shape[0] }, to: variable.name)
    try variable.describe(dataset)
    for (axis, scale) in axes.enumerated() { try dataset.attachScale(scale, toAxis: axis) }
  }

  /// Whether each strategy is right on each example, and its losses, `[strategies, examples]`.
  private func examples() -> (correct: [Int32], losses: [Double]) {
    let size = names.count * labels.count
    var correct = [Int32](repeating: -1, count: size)
    var losses = [Double](repeating: .nan, count: size)
    for (index, name) in names.enumerated() {
      for (fold, rows) in folds.enumerated() {
        guard let result = outcomes[RacePiece(strategy: name, fold: fold)]?.result else { continue }
        for (position, row) in rows.enumerated() {
          correct[index * labels.count + row] = result.correct[position] ? 1 : 0
          if position < result.logLosses.count {
            losses[index * labels.count + row] = result.logLosses[position]
          }
        }
      }
    }
    return (correct, losses)
  }
}
