import Foundation
import Records

/// A position in the JSON of a plan: reads the value there, and makes errors that name it.
struct PlanCursor {
  static let attempt = "cannot read the plan"

  let file: String
  /// The JSON Pointer (RFC 6901) of the position, empty for the whole document.
  let path: String
  let value: JSONValue

  private init(file: String, path: String, value: JSONValue) {
    self.file = file
    self.path = path
    self.value = value
  }

  /// Parses a document and points to the whole of it.
  ///
  /// - Throws: `Failure` of kind `badData` if the bytes are not JSON.
  init(file: String, bytes: Data) throws(Failure) {
    do {
      self.init(file: file, path: "", value: try JSONParser.parse(bytes))
    } catch {
      throw Failure(
        .badData, Self.attempt, on: file, because: "it is not JSON: \(error)",
        remedy: "Use `writePlan` to write an example plan to start from.")
    }
  }

  /// Makes the failure for an error at this position.
  ///
  /// - Parameter member: the member with the error below this position, as the end of a pointer.
  func failure(_ reason: String, at member: String = "", remedy: String) -> Failure {
    let place = member.isEmpty ? path : "\(path)/\(member)"
    return Failure(
      .badData, Self.attempt, on: place.isEmpty ? file : "\(file):\(place)", because: reason,
      remedy: remedy)
  }

  /// Makes the failure for a value that has another type or is out of range.
  func failure(expected: String) -> Failure {
    failure("it is \(value.kind)", remedy: "Give \(expected).")
  }

  var string: String {
    get throws {
      guard case .string(let text) = value else { throw failure(expected: "a string in quotes") }
      return text
    }
  }

  var elements: [PlanCursor] {
    get throws {
      guard case .array(let values) = value else {
        throw failure(expected: "a list in brackets")
      }
      return values.enumerated().map { index, value in
        PlanCursor(file: file, path: "\(path)/\(index)", value: value)
      }
    }
  }

  /// The members of an object; an unknown key is an error.
  ///
  /// - Parameter former: keys that are read without being named as known ones.
  func members(known: [String], former: [String] = []) throws -> [String: PlanCursor] {
    guard case .object(let object) = value else {
      throw failure(expected: "an object in braces with \(known.joined(separator: ", "))")
    }
    let names = object.members.map(\.name)
    if let unknown = names.filter({ !(known + former).contains($0) }).min() {
      throw failure(
        "the key '\(unknown)' is unknown",
        remedy: "Known keys: \(known.joined(separator: ", ")).")
    }
    return Dictionary(
      uniqueKeysWithValues: object.members.map {
        ($0.name, PlanCursor(file: file, path: "\(path)/\($0.name)", value: $0.value))
      })
  }

  /// Reads a list of at least one value, in which no value is repeated.
  func distinct<Value: Hashable>(
    _ expected: String, _ read: (PlanCursor) throws -> Value
  ) throws -> [Value] {
    let elements = try elements
    guard !elements.isEmpty else { throw failure("it is empty", remedy: "Give \(expected).") }
    var values: [Value] = []
    var seen: Set<Value> = []
    for element in elements {
      let value = try read(element)
      guard seen.insert(value).inserted else {
        throw element.failure(
          "\(element.value.kind) is given twice", remedy: "Give each value once.")
      }
      values.append(value)
    }
    return values
  }

  func whole(in range: ClosedRange<Int>) throws -> Int {
    guard let whole = value.integer, range.contains(whole) else {
      throw failure(
        expected: range.upperBound == .max
          ? "a whole number of at least \(range.lowerBound)"
          : "a whole number in \(range.lowerBound)...\(range.upperBound)")
    }
    return whole
  }
}

extension PlanCursor {
  /// The member under a required key.
  func required(_ key: String, in members: [String: PlanCursor]) throws -> PlanCursor {
    guard let member = members[key] else {
      throw failure("the key '\(key)' is missing", remedy: "Add it.")
    }
    return member
  }
}
