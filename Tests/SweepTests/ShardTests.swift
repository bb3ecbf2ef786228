import Records
import Sweep
import Testing

/// Parts of a plan.
struct ShardTests {
  private static let cells = SampleCells.keys(50)

  /// Costs from 1 to 50, not in order.
  private static func cost(_ key: RunKey) -> Double { Double(1 + key.replicate * 37 % 50) }

  private func shards(_ count: Int) -> [[RunKey]] {
    (1...count).compactMap { Shard($0, of: count) }
      .map { $0.cells(of: Self.cells, cost: Self.cost) }
  }

  /// Every run is in exactly one shard, in the order of the plan.
  @Test(arguments: [1, 3, 8, 50])
  func partition(count: Int) {
    let shards = shards(count)
    #expect(shards.reduce(0) { $0 + $1.count } == Self.cells.count)
    #expect(Set(shards.joined()) == Set(Self.cells))
    for shard in shards {
      #expect(!shard.isEmpty)
      #expect(shard.map(\.replicate) == shard.map(\.replicate).sorted())
    }
  }

  /// No shard costs more than the mean plus one run.
  @Test(arguments: [3, 8])
  func balance(count: Int) {
    let loads = shards(count).map { $0.reduce(0) { $0 + Self.cost($1) } }
    let mean = loads.reduce(0, +) / Double(count)
    #expect(loads.allSatisfy { $0 <= mean + 50 })
    #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 10)
  }

  /// Without costs, shards have equally many runs.
  @Test(arguments: [0, -Double.infinity, .nan])
  func noCosts(cost: Double) {
    let counts = (1...4).compactMap { Shard($0, of: 4) }
      .map { $0.cells(of: Self.cells, cost: { _ in cost }).count }
    #expect(Set(counts) == [12, 13])
  }

  /// A shard reads as `I/N`, counted from 1.
  @Test func text() {
    #expect(Shard("3/8") == Shard(3, of: 8))
    #expect(Shard("3/8")?.description == "3/8")
  }

  /// Anything else is not a shard.
  @Test(arguments: [
    "", "0/8", "9/8", "-1/8", "1", "1/", "/8", "1/8/2", "a/b", "+1/8", "1 / 8", "1/0", "1/10001",
    "99999999999999999999/8",
  ])
  func noShard(text: String) {
    #expect(Shard(text) == nil)
  }
}
