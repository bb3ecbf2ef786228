package import Records

extension JSONObject {
  /// The similarity of a place: `similarity`, `similarity_value` and, if tasks of the report have a
  /// kind of shift, `shift`.
  ///
  /// - Parameter similarity: `nil` if all similarities are meant.
  static func place(_ similarity: Similarity?, hasShifts: Bool) -> JSONObject {
    var members: JSONObject = [
      "similarity": .string(similarity?.label), "similarity_value": .number(similarity?.value),
    ]
    if hasShifts { members["shift"] = .string(similarity.map { Shift.word($0.shift) }) }
    return members
  }

  /// The object with further members at its end.
  package func adding(_ others: JSONObject) -> JSONObject {
    others.members.reduce(into: self) { $0[$1.name] = $1.value }
  }
}
