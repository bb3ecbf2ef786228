import ArgumentParser
import Records
import Reports

/// How a command prints what it has to say about one thing.
struct DocumentOptions: ParsableArguments {
  enum Format: String, CaseIterable {
    case text, json
  }

  @Option(
    name: [.customShort("f"), .customLong("format")],
    help: ArgumentHelp("Format of what is printed.", valueName: "name"))
  private var choice = Choice(Format.text)

  /// - Throws: `Failure` of kind `usage` for an unknown format.
  func format() throws -> Format { try choice.value(of: "--format") }

  func validate() throws { _ = try format() }

  /// Prints a document, which begins with the number of its format.
  static func write(_ members: JSONObject) {
    let format: JSONObject = ["format": .integer(1)]
    StandardOutput.write(JSONValue.object(format.adding(members)).report)
  }
}
