import Records

/// A value that the JSON of a plan can hold.
protocol PlanValue {
  init(_ cursor: PlanCursor) throws
  var json: JSONValue { get }
}

extension Bool: PlanValue {
  init(_ cursor: PlanCursor) throws {
    guard case .boolean(let value) = cursor.value else {
      throw cursor.failure(expected: "true or false")
    }
    self = value
  }

  var json: JSONValue { .boolean(self) }
}

extension Double: PlanValue {
  init(_ cursor: PlanCursor) throws {
    guard let value = cursor.value.number else {
      throw cursor.failure(expected: "a number")
    }
    self = value
  }

  var json: JSONValue { .number(self) }
}

extension Int: PlanValue {
  init(_ cursor: PlanCursor) throws {
    guard let value = cursor.value.integer else {
      throw cursor.failure(expected: "a whole number")
    }
    self = value
  }

  var json: JSONValue { .integer(self) }
}

extension Array: PlanValue where Element: PlanValue {
  init(_ cursor: PlanCursor) throws {
    var values: [Element] = []
    for element in try cursor.elements { values.append(try Element(element)) }
    self = values
  }

  var json: JSONValue { .array(map(\.json)) }
}

extension Optional: PlanValue where Wrapped: PlanValue {
  init(_ cursor: PlanCursor) throws {
    self = cursor.value == .null ? nil : try Wrapped(cursor)
  }

  var json: JSONValue { self?.json ?? .null }
}

extension PlanValue where Self: RawRepresentable<String> & CaseIterable {
  init(_ cursor: PlanCursor) throws {
    guard case .string(let text) = cursor.value, let value = Self(rawValue: text) else {
      throw cursor.failure(
        expected: "one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self = value
  }

  var json: JSONValue { .string(rawValue) }
}

extension BatchNormPolicy: PlanValue {}
extension FeaturePooling: PlanValue {}
extension HeadStart: PlanValue {}
extension FeatureDepth: PlanValue {}
extension LayerGroup: PlanValue {}
extension TrainedParameters: PlanValue {}

extension Similarity: PlanValue {
  /// Reads a label, or a number that is a label.
  init(_ cursor: PlanCursor) throws {
    let text = cursor.value.string ?? cursor.value.number.map { "\($0)" }
    guard let similarity = text.flatMap({ Similarity($0) }) else {
      throw cursor.failure(expected: "low, medium, high or a number in 0...1")
    }
    self = similarity
  }

  var json: JSONValue {
    if let value, label == "\(value)" { .number(value) } else { .string(label) }
  }
}
