package import Records

/// Everything that decides the metrics of a sweep: sweeps with equal identities give bit-identical
/// results.
package struct SweepIdentity: Sendable, Hashable, Codable {
  package var plan: SweepPlan
  /// The SHA-256 of each task's content by task name.
  package var taskDigests: [String: String]
  package var toolVersion: String
  /// Names and versions of the libraries that do the work.
  package var libraries: [String]
  /// The instruction sets for which code is chosen at run time: others round differently.
  package var instructionSet: String

  package init(
    plan: SweepPlan, taskDigests: [String: String], toolVersion: String, libraries: [String],
    instructionSet: String
  ) {
    self.plan = plan
    self.taskDigests = taskDigests
    self.toolVersion = toolVersion
    self.libraries = libraries
    self.instructionSet = instructionSet
  }

  /// The differences from another identity, in words; empty if the two are equal.
  ///
  /// An option is named in backquotes, followed by both values, such as (100,1000 there, 100 here).
  package func differences(to here: SweepIdentity) -> [String] {
    if self == here { return [] }
    guard let there = Self.tree(self), let here = Self.tree(here) else { return ["its contents"] }
    var found: [String] = []
    for difference in Self.differences(there, here, path: []) where !found.contains(difference) {
      found.append(difference)
    }
    return found
  }

  private static func tree(_ identity: SweepIdentity) -> JSONValue? {
    guard let text = try? CanonicalJSON.encode(identity) else { return nil }
    return try? JSONParser.parse(text.utf8)
  }

  /// Compares two trees recursively, so that a field that is added later is compared too.
  private static func differences(
    _ there: JSONValue?, _ here: JSONValue?, path: [String]
  ) -> [String] {
    if let there = there?.object, let here = here?.object {
      return Set((there.members + here.members).map(\.name)).sorted().flatMap {
        differences(there[$0], here[$0], path: path + [$0])
      }
    }
    if let there = named(there), let here = named(here) {
      guard there.map(\.name) == here.map(\.name) else {
        return [
          sentence(
            path, there.map(\.name).joined(separator: ","),
            here.map(\.name).joined(separator: ","))
        ]
      }
      return zip(there, here).flatMap { differences($0.value, $1.value, path: path) }
    }
    let texts = (text(there), text(here))
    return texts.0 == texts.1 ? [] : [sentence(path, texts.0, texts.1)]
  }

  /// The names and values of a list of named objects, such as strategies or similarities; `nil` for
  /// other values.
  private static func named(_ value: JSONValue?) -> [(name: String, value: JSONValue)]? {
    guard let list = value?.array else { return nil }
    let named = list.compactMap { thing in name(of: thing).map { (name: $0, value: thing) } }
    return named.count == list.count ? named : nil
  }

  private static func name(of thing: JSONValue) -> String? {
    (thing.object?["name"] ?? thing.object?["label"])?.string
  }

  private static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil: "none"
    case .string(let text)?: text.count == 64 ? "\(text.prefix(12))…" : text
    case .boolean(let value)?: value ? "1" : "0"
    case .array(let list)?: list.isEmpty ? "none" : list.map(text).joined(separator: ",")
    case .object(let object)?:
      name(of: .object(object))
        ?? object.members.sorted { $0.name < $1.name }
        .map { "\(words($0.name)) \(text($0.value))" }.joined(separator: " ")
    case let value?: value.description
    }
  }

  /// Describes a difference by what a user can change: an option if there is one.
  private static func sentence(_ path: [String], _ there: String, _ here: String) -> String {
    let name =
      switch path.first {
      case "plan" where path.count == 2: options[path[1]] ?? path[1]
      case "plan":
        ((path.dropFirst().first == "similarities" ? ["similarity"] : [])
          + path.dropFirst(2).filter { $0 != "techniques" }.map(words)).joined(separator: " ")
      case "taskDigests": "the task \(path.dropFirst().joined())"
      default: path.first.flatMap { options[$0] } ?? path.joined(separator: " ")
      }
    return "\(name) (\(there) there, \(here) here)"
  }

  private static let options = [
    "architecture": "`architecture`", "similarities": "`similarities`", "trainSizes": "`sizes`",
    "arms": "`strategies`", "depths": "`depths`", "replicates": "`replicates`",
    "folds": "`folds`",
    "weightsDigest": "the weights", "toolVersion": "the version of tlbench",
    "libraries": "the libraries", "instructionSet": "the processor's instruction sets",
  ]

  /// A property's name in lower case with hyphens, such as `label-smoothing` for `labelSmoothing`.
  private static func words(_ name: String) -> String {
    PropertyName.words(name, joinedBy: "-")
  }
}
