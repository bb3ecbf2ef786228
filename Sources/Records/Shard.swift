/// One of several parts that a plan is divided into, each run by a process of its own.
package struct Shard: Sendable, Hashable, Codable {
  /// Counted from 1.
  package let number: Int
  package let count: Int

  /// More shards than this are a slip of the pen.
  package static let largestCount = 10_000

  /// The shard of that number.
  ///
  /// `nil` where `number` is not in 1...`count` or `count` not in 1...``largestCount``.
  package init?(_ number: Int, of count: Int) {
    guard (1...Self.largestCount).contains(count), (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads `I/N`; `nil` for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isNumber = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    guard parts.count == 2, isNumber, let number = Int(parts[0]), let count = Int(parts[1]) else {
      return nil
    }
    self.init(number, of: count)
  }
}

extension Shard: CustomStringConvertible {
  package var description: String { "\(number)/\(count)" }
}
