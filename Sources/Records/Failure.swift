/// An error that a user can act on: what was attempted, on which file, why it failed, and what to
/// do about it.
package struct Failure: Error, Sendable, Hashable {
  /// The class of an error; it decides the exit code of the tool.
  package enum Kind: Sendable {
    /// Something went wrong while running.
    case failed
    /// Training whose numbers overflowed; another learning rate may avoid it.
    case diverged
    /// The options of the command line are invalid.
    case usage
    /// A file was read, but its content is not as expected.
    case badData
    /// An input file does not exist or may not be read.
    case inputMissing
    /// An output file cannot be created.
    case cannotCreate
    /// Reading or writing failed midway.
    case inputOutput
    /// The user stopped the run (SIGINT).
    case interrupted
    /// The system asked the run to stop (SIGTERM).
    case terminated

    /// The exit code of a program that ends with the error; 64 to 74 are those of sysexits.h.
    package var exitCode: Int32 {
      switch self {
      case .failed, .diverged: 1
      case .usage: 64
      case .badData: 65
      case .inputMissing: 66
      case .cannotCreate: 73
      case .inputOutput: 74
      case .interrupted: 130
      case .terminated: 143
      }
    }
  }

  package let kind: Kind
  /// What was attempted, such as `cannot read the dataset`.
  package let attempt: String
  /// The file, followed by the object inside it if there is one, such as `a.h5:/train/x`.
  package let subject: String?
  package let reason: String
  /// What the user can do about the error.
  package let remedy: String?

  package init(
    _ kind: Kind, _ attempt: String, on subject: String? = nil, because reason: String,
    remedy: String? = nil
  ) {
    self.kind = kind
    self.attempt = attempt
    self.subject = subject
    self.reason = reason
    self.remedy = remedy
  }
}

extension Failure: CustomStringConvertible {
  /// The error on one line, and the remedy on a second one.
  package var description: String {
    let place = subject.map { " \($0)" } ?? ""
    return "\(attempt)\(place): \(reason)" + (remedy.map { "\n  \($0)" } ?? "")
  }
}
