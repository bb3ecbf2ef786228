/// What the rows and columns of a wide table are, which has tasks as columns.
///
/// Header rows are counted from 1; columns are named by any of their texts in the header.
package struct WideLayout: Sendable, Hashable {
  /// How many rows the header has.
  package let headerRows: Int
  /// The header row with the names of the tasks.
  package let taskRow: Int
  /// The header row with the numbers of training examples; `nil` if a column has them, or the table
  /// has none.
  package let sizeRow: Int?
  /// The header row with the groups of the tasks; `nil` if there is none.
  package let groupRow: Int?
  /// The column of the strategy's name; `nil` for the first one.
  package var strategyColumn: String?
  /// The column of the number of training examples; `nil` if there is none.
  package var sizeColumn: String?
  /// The column that distinguishes repetitions, such as a seed; `nil` if there is none.
  package var replicateColumn: String?
  /// The columns that are not tasks and are not read.
  package var skippedColumns: [String] = []

  /// - Parameter taskRow: the header row with the names of the tasks (default: the last one).
  /// - Precondition: every row is in 1...`headerRows`.
  package init(
    headerRows: Int = 1, taskRow: Int? = nil, sizeRow: Int? = nil, groupRow: Int? = nil
  ) {
    // A contract with callers, which check their options.
    precondition([taskRow, sizeRow, groupRow].allSatisfy { (1...headerRows).contains($0 ?? 1) })
    self.headerRows = headerRows
    self.taskRow = taskRow ?? headerRows
    self.sizeRow = sizeRow
    self.groupRow = groupRow
  }
}
