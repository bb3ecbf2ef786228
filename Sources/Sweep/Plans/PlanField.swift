import Records

/// One key of an object in a plan, and the property that it maps to.
struct PlanField<Root> {
  let key: String
  let read: (PlanCursor, inout Root) throws -> Void
  let json: (Root) -> JSONValue

  init<Value: PlanValue>(_ key: String, _ property: WritableKeyPath<Root, Value>) {
    self.key = key
    read = { $1[keyPath: property] = try Value($0) }
    json = { $0[keyPath: property].json }
  }
}

/// An object with optional keys: properties without a key keep their values.
protocol PlanObject {
  static var fields: [PlanField<Self>] { get }
}

extension PlanObject {
  /// Sets the properties whose keys an object has.
  mutating func update(from cursor: PlanCursor) throws {
    let members = try cursor.members(known: Self.fields.map(\.key))
    for field in Self.fields {
      if let member = members[field.key] { try field.read(member, &self) }
    }
  }

  /// An object of the members that differ from those of another value.
  func json(differingFrom base: Self) -> JSONValue {
    .object(
      Self.fields.reduce(into: [:]) { members, field in
        let value = field.json(self)
        if value != field.json(base) { members[field.key] = value }
      })
  }
}

/// An object whose keys have defaults.
protocol DefaultedPlanObject: PlanObject, PlanValue {
  static var defaults: Self { get }
}

extension DefaultedPlanObject {
  init(_ cursor: PlanCursor) throws {
    self = Self.defaults
    try update(from: cursor)
  }

  var json: JSONValue { json(differingFrom: Self.defaults) }
}
