/// The offsets of buffers with different lifetimes in one block of memory.
///
/// Buffers are placed in order of decreasing size, each at the lowest offset that no buffer with an
/// overlapping lifetime uses: "greedy by size" of Pisarchyk and Lee, "Efficient Memory Management
/// for Deep Neural Net Inference", 2020.
package struct BufferPlan: Sendable {
  package struct Item: Sendable {
    package let bytes: Int
    /// First and last step at which the values are needed.
    package let lifetime: ClosedRange<Int>

    package init(bytes: Int, lifetime: ClosedRange<Int>) {
      self.bytes = bytes
      self.lifetime = lifetime
    }
  }

  /// The offset of each item in bytes, a multiple of the alignment.
  package let offsets: [Int]
  /// The size of the whole block in bytes.
  package let bytes: Int

  /// Cache-line size and AVX-512 alignment, in bytes.
  private static let alignment = 64

  package init(_ items: [Item]) {
    var offsets = [Int](repeating: 0, count: items.count)
    var placed: [(range: Range<Int>, lifetime: ClosedRange<Int>)] = []
    var end = 0
    for index in items.indices.sorted(by: { items[$0].bytes > items[$1].bytes }) {
      let item = items[index]
      let rounded = Self.aligned(item.bytes)
      var offset = 0
      // Ordered by offset, so that the first gap that is large enough is the lowest.
      for other in placed where other.lifetime.overlaps(item.lifetime) {
        if other.range.lowerBound >= offset + rounded { break }
        offset = max(offset, other.range.upperBound)
      }
      offsets[index] = offset
      let range = offset..<offset + rounded
      let position = placed.firstIndex { $0.range.lowerBound > offset } ?? placed.count
      placed.insert((range, item.lifetime), at: position)
      end = max(end, range.upperBound)
    }
    self.offsets = offsets
    bytes = end
  }

  /// A plan for buffers that are all needed at the same time, in the given order.
  package init(sideBySide sizes: [Int]) {
    var end = 0
    offsets = sizes.map { size in
      defer { end += Self.aligned(size) }
      return end
    }
    bytes = end
  }

  private static func aligned(_ bytes: Int) -> Int {
    (bytes + alignment - 1) / alignment * alignment
  }
}
