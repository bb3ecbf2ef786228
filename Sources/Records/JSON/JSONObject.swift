/// The members of a JSON object, in the order of the text; no two have the same name.
package struct JSONObject: Sendable, Hashable {
  package private(set) var members: [Member]

  package struct Member: Sendable, Hashable {
    package let name: String
    package let value: JSONValue
  }

  /// - Precondition: the names are different.
  package init(_ members: [(String, JSONValue)] = []) {
    self.members = members.map { Member(name: $0.0, value: $0.1) }
  }

  /// The value of a member; a new member is added at the end, and `nil` removes a member.
  package subscript(name: String) -> JSONValue? {
    get { members.first { $0.name == name }?.value }
    set {
      let position = members.firstIndex { $0.name == name }
      switch (position, newValue.map { Member(name: name, value: $0) }) {
      case (let position?, let member?): members[position] = member
      case (let position?, nil): members.remove(at: position)
      case (nil, let member?): members.append(member)
      case (nil, nil): break
      }
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members) }
}
