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

extension PlanField {
  /// The key of a technique; `nil` if the technique is not a property of the object.
  init?(_ technique: Technique) {
    let property: AnyKeyPath = technique.keyPath
    guard let value = type(of: property).valueType as? any PlanValue.Type,
      let field = Self.field(technique.planKey, property, of: value)
    else { return nil }
    self = field
  }

  private static func field<Value: PlanValue>(
    _ key: String, _ property: AnyKeyPath, of type: Value.Type
  ) -> PlanField? {
    (property as? WritableKeyPath<Root, Value>).map { PlanField(key, $0) }
  }
}

/// An object with optional keys: properties without a key keep their values.
protocol PlanObject {
  static var fields: [PlanField<Self>] { get }
}

extension PlanObject {
  /// The keys of the techniques that are properties of the object.
  static var fields: [PlanField<Self>] { Technique.all.compactMap { PlanField<Self>($0) } }

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
