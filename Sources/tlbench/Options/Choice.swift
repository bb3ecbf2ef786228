import ArgumentParser
import Records

/// The value of an option that takes one of some names.
///
/// The parser completes the names and lists them in help. It accepts every word, so that
/// ``value(of:)`` can refuse an unknown one with an error like those of other options.
struct Choice<Value: RawRepresentable<String> & CaseIterable & Sendable>: ExpressibleByArgument,
  Hashable, Sendable
{
  /// The name, which may be unknown.
  let name: String

  init(_ value: Value) { name = value.rawValue }

  init(argument: String) { name = argument }

  static var allValueStrings: [String] { Value.allCases.map(\.rawValue) }

  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  var defaultValueDescription: String { name }

  /// The value of the name.
  ///
  /// - Parameter option: the option, for the error.
  /// - Throws: `Failure` of kind `usage` for an unknown name.
  func value(of option: String) throws(Failure) -> Value {
    guard let value = Value(rawValue: name) else {
      throw OptionValues.refused(
        option, "'\(name)' is unknown",
        "The known ones are \(Self.allValueStrings.joined(separator: ", ")).")
    }
    return value
  }
}

extension CompletionKind {
  /// Completes the last of several names that are separated by commas, with names that are not
  /// among the others.
  static func names(_ known: [String]) -> CompletionKind {
    .custom { _, _, typed in
      let before = typed.lastIndex(of: ",").map { typed[...$0] } ?? ""
      let given = Set(before.split(separator: ","))
      return known.filter { !given.contains($0[...]) }.map { before + $0 }
    }
  }
}
