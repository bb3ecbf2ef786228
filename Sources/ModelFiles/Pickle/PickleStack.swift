/// The values that a pickle has made and not used yet, and those that it has stored to use them
/// again.
struct PickleStack {
  private var values: [PickleValue] = []
  /// How many values there were at the marks that no instruction has taken yet.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var pushCount = 0

  /// Many more than a model of 10,000 tensors and its optimizer need.
  private static let mostValues = 2_000_000
  private static let mostMarks = 1_000

  /// The only value; `nil` if there are several or none, or a mark.
  var onlyValue: PickleValue? { values.count == 1 && marks.isEmpty ? values[0] : nil }

  /// The number of values that may be taken before the last mark.
  private var available: Int { values.count - (marks.last ?? 0) }

  /// The last value, which stays; `nil` if there is none after the last mark.
  var last: PickleValue? { available > 0 ? values.last : nil }

  mutating func push(_ value: PickleValue) throws(PickleProblem) {
    pushCount += 1
    guard pushCount <= PickleStack.mostValues else {
      throw PickleProblem("it makes more than \(PickleStack.mostValues) values")
    }
    values.append(value)
  }

  mutating func pop() throws(PickleProblem) -> PickleValue { try pop(1)[0] }

  mutating func pop(_ count: Int) throws(PickleProblem) -> [PickleValue] {
    guard count <= available else {
      throw PickleProblem("it takes a value that it has not made")
    }
    defer { values.removeLast(count) }
    return Array(values.suffix(count))
  }

  mutating func mark() throws(PickleProblem) {
    guard marks.count < PickleStack.mostMarks else {
      throw PickleProblem("it is nested more than \(PickleStack.mostMarks) times")
    }
    marks.append(values.count)
  }

  /// Takes the values since the last mark, and the mark.
  mutating func popToMark() throws(PickleProblem) -> [PickleValue] {
    guard !marks.isEmpty else { throw PickleProblem("it lacks a mark") }
    let taken = try pop(available)
    marks.removeLast()
    return taken
  }

  /// Stores the last value under a number; `nil` for the next one.
  mutating func store(at index: Int?) throws(PickleProblem) {
    guard let last else { throw PickleProblem("it stores a value that it has not made") }
    guard memo.count < PickleStack.mostValues else {
      throw PickleProblem("it stores more than \(PickleStack.mostValues) values")
    }
    memo[index ?? memo.count] = last
  }

  mutating func recall(_ index: Int) throws(PickleProblem) {
    guard let value = memo[index] else {
      throw PickleProblem("it recalls a value that it has not stored")
    }
    try push(value)
  }
}
