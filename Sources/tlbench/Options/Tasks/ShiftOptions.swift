import ArgumentParser
import Records

/// The kinds of shift of synthetic tasks, which their similarities are combined with.
struct ShiftOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Kinds of shift of the target tasks, separated by commas: input (only the tiles are new), \
      feature (only the rules between tiles and classes), output (only the class rules) or all \
      (default: all). For the first three a similarity is the fraction of the source network's \
      accuracy above chance that is left, and without --similarities it is \
      \(ShiftDefaults.similarities).
      """, valueName: "kinds"),
    completion: .names(ShiftChoice.allCases.map(\.rawValue)))
  var shift: String?

  /// The similarities of an option, with every kind of shift.
  ///
  /// - Parameters:
  ///   - text: the value of `--similarities`; `nil` if it is not given.
  ///   - standard: the similarities of tasks without a kind if none are given.
  /// - Throws: `Failure` of kind `usage` for unknown kinds, and for similarities that have a kind
  ///   already.
  func similarities(_ text: String?, or standard: String) throws -> [Similarity] {
    guard let shift else { return try OptionValues.similarities(text ?? standard) }
    let kinds = try OptionValues.shifts(shift)
    let similarities = try OptionValues.similarities(
      text ?? (kinds == [nil] ? standard : ShiftDefaults.similarities))
    if let own = similarities.first(where: { $0.shift != nil }) {
      throw OptionValues.refused(
        "--shift", "the similarity '\(own.label)' has a kind of its own",
        "Leave out --shift, or give similarities without a kind.")
    }
    return kinds.flatMap { kind in similarities.map { $0.with(kind) } }
  }
}

private enum ShiftDefaults {
  /// The default similarities with kinds of shift: at 1 nothing is new, and at 0 nothing is left of
  /// the accuracy, however much is new.
  static let similarities = "0.25,0.5,0.75"
}

/// The words for the kinds of shift.
enum ShiftChoice: String, CaseIterable {
  case input, feature, output, all

  init(_ shift: Shift?) { self = shift.flatMap { ShiftChoice(rawValue: $0.rawValue) } ?? .all }

  /// The kind; `nil` for tasks that differ in all parts.
  var shift: Shift? { Shift(rawValue: rawValue) }
}
