extension InferenceProgram {
  /// Runs the program on any number of examples, batch after batch.
  ///
  /// The last batch may be short; it is run with whatever its other rows hold.
  ///
  /// - Parameters:
  ///   - rows: the indices of the examples, in the order of the calls.
  ///   - load: copies the examples of a batch into the first rows of ``inputs``.
  ///   - read: takes the first rows of ``outputs``, one for each example of the batch.
  package func run(
    on rows: [Int], load: (ArraySlice<Int>) throws -> Void, read: (ArraySlice<Int>) throws -> Void
  ) throws {
    for start in stride(from: 0, to: rows.count, by: batch) {
      let part = rows[start..<min(start + batch, rows.count)]
      try load(part)
      try run()
      try read(part)
    }
  }
}
