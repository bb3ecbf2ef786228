/// One of several parts of a plan, each run by its own process.
package struct Shard: Sendable, Hashable, Codable {
  /// The number of the shard, counted from 1.
  package let number: Int
  /// How many shards the plan is divided into.
  package let count: Int

  /// The largest number of shards; larger values are almost certainly typos.
  package static let largestCount = 10_000

  /// Makes the shard with a number.
  ///
  /// Returns `nil` if `number` is not in 1...`count` or `count` is not in 1...``largestCount``.
  package init?(_ number: Int, of count: Int) {
    guard (1...Self.largestCount).contains(count), (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads `I/N`; returns `nil` for anything else.
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
