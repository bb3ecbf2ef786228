import Records

/// One run of a published table, as values.
struct TableRow {
  let line: Int
  /// The task as a value of the similarity axis.
  let task: Similarity
  let size: TableSize
  let strategy: String
  let replicate: String
  /// The accuracy as a fraction in 0...1; `nil` if the field is empty.
  let accuracy: Double?
  /// The training time in seconds; `nil` if the field is empty or there is no such column.
  let cost: Double?
  /// The group of the task; `nil` if the table has no groups.
  let group: String?
}

/// A number of labelled training examples in a table.
struct TableSize {
  let count: Int
  /// The word that the table has instead of the number; `nil` if it has the number, or no sizes.
  let word: String?
}
