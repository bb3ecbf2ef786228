import Foundation
import Records
import Results

extension ImportCommand {
  /// The results of the table.
  ///
  /// - Throws: `Failure`; if a long table seems to be a wide one, it has the command that imports
  ///   it.
  func results() throws -> SweepResults {
    let sizes = try OptionValues.tableSizes(self.values.size)
    let values = TableValues(
      unit: try self.values.accuracyUnit.value(of: "--accuracy-unit"), sizeOfAll: sizes.ofAll,
      sizeWords: sizes.words, groups: try OptionValues.taskGroups(self.values.group))
    let renamed = try OptionValues.renamedArms(self.values.arms)
    let bytes = try InputFile.bytes(of: table, attempt: "cannot import the table")
    if layout.wide {
      let wide = try WideTable(
        bytes, name: table,
        layout: layout.layout(columns, isSizeKnown: sizes.ofAll != nil))
      return try TableImport(wide, values: values, renamed: renamed)
        .results(digest: Self.digest(of: bytes), provenance: provenance)
    }
    do throws(Failure) {
      return try long(bytes, values, renamed)
        .results(digest: Self.digest(of: bytes), provenance: provenance)
    } catch {
      guard let guess = WideGuess(bytes, unless: columns.long) else { throw error }
      throw guess.failure(of: table, values: values, further: furtherWords)
    }
  }

  private func long(
    _ bytes: [UInt8], _ values: TableValues, _ renamed: [String: Arm]
  ) throws(Failure) -> TableImport {
    let missing = columns.missing(isSizeKnown: values.sizeOfAll != nil)
    guard let long = columns.long, missing == nil else {
      throw Failure(
        .usage, "cannot import the table", on: table,
        because: "\(missing ?? "a column") was not given",
        remedy: "Name the columns of size, strategy, task and accuracy, or give --wide if tasks "
          + "are columns.")
    }
    return TableImport(
      try CSVTable(bytes, name: table), name: table, columns: long, values: values,
      renamed: renamed)
  }

  /// The options that a command for a wide table keeps.
  private var furtherWords: [String] {
    values.arms.flatMap { ["--strategy", $0] } + values.group.flatMap { ["--group", $0] }
      + ["--output", required.output] + (saving.overwrite ? ["--overwrite"] : [])
  }

  private static func digest(of bytes: [UInt8]) -> String {
    var digest = ContentDigest()
    digest.update(bytes)
    return digest.hexadecimal()
  }

  private var provenance: Provenance {
    Provenance(
      toolVersion: Version.text, commandLine: ResumeHint.given,
      processor: nil, libraries: [], finishedAt: Date().ISO8601Format(), jobs: 0,
      wallSeconds: 0, taskDigests: [:])
  }
}
