/// An error that a user can act on: what was attempted, on what, why it failed, and what to do.
package struct Failure: Error, Sendable, Hashable {
  /// The class of an error; it decides the exit code of the tool.
  package enum Kind: Int32, Sendable {
    /// Something went wrong while running.
    case failed = 1
    /// The command line cannot be obeyed.
    case usage = 64
    /// A file was read and does not hold what it should.
    case badData = 65
    /// An input file does not exist or may not be read.
    case inputMissing = 66
    /// An output file cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed midway.
    case inputOutput = 74
    /// The user stopped the run (SIGINT).
    case interrupted = 130
    /// The system asked the run to stop (SIGTERM).
    case terminated = 143

    package var exitCode: Int32 { rawValue }
  }

  package let kind: Kind
  /// What was attempted, such as `cannot read the dataset`.
  package let attempt: String
  /// The file, with the object inside it where there is one, such as `a.h5:/train/x`.
  package let subject: String?
  package let reason: String
  /// What the user can do about it.
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
  /// One or two lines: the error, and on a second line the remedy.
  package var description: String {
    let place = subject.map { " \($0)" } ?? ""
    return "\(attempt)\(place): \(reason)" + (remedy.map { "\n  \($0)" } ?? "")
  }
}
