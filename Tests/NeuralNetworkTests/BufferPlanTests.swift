import NeuralNetwork
import Tensors
import Testing

/// Where buffers of different lifetimes lie.
struct BufferPlanTests {
  private typealias Item = BufferPlan.Item

  /// Buffers that are never needed at the same time lie in the same place.
  @Test func succession() {
    let plan = BufferPlan([Item(bytes: 64, lifetime: 0...1), Item(bytes: 128, lifetime: 2...3)])
    #expect(plan.offsets == [0, 0] && plan.bytes == 128)
  }

  /// Buffers that meet in one step, as the input and output of a layer do, lie apart.
  @Test func meeting() {
    let plan = BufferPlan([Item(bytes: 64, lifetime: 0...2), Item(bytes: 128, lifetime: 2...3)])
    #expect(plan.offsets == [128, 0] && plan.bytes == 192)
  }

  /// A gap between two others is used where it is large enough.
  @Test func gaps() {
    let plan = BufferPlan([
      Item(bytes: 1024, lifetime: 0...9), Item(bytes: 512, lifetime: 0...3),
      Item(bytes: 256, lifetime: 0...9), Item(bytes: 128, lifetime: 4...9),
    ])
    #expect(plan.offsets == [0, 1024, 1536, 1024] && plan.bytes == 1792)
  }

  /// Every place starts at a multiple of 64 bytes.
  @Test func alignment() {
    let plan = BufferPlan([Item(bytes: 100, lifetime: 0...1), Item(bytes: 4, lifetime: 0...1)])
    #expect(plan.offsets == [0, 128] && plan.bytes == 192)
  }

  /// Side by side every buffer has its own place, in order, at a multiple of 64 bytes.
  @Test func sideBySide() {
    let plan = BufferPlan(sideBySide: [100, 4, 64])
    #expect(plan.offsets == [0, 128, 192] && plan.bytes == 256)
    #expect(BufferPlan(sideBySide: []).bytes == 0)
  }

  /// No items need no memory.
  @Test func nothing() {
    #expect(BufferPlan([]).bytes == 0)
  }

  /// Of many random buffers no two that live at the same time overlap, and the whole is at least
  /// what the fullest step needs and less than everything.
  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func randomLifetimes(seed: UInt64) {
    var generator = CounterGenerator(seed: seed)
    let items = (0..<200).map { _ in
      let start = Int(generator.uniform(in: 0..<100))
      let length = Int(generator.uniform(in: 0..<12))
      return Item(bytes: 64 * Int(generator.uniform(in: 1..<50)), lifetime: start...start + length)
    }
    let plan = BufferPlan(items)
    for (i, one) in items.enumerated() {
      for (j, other) in items.enumerated().dropFirst(i + 1)
      where one.lifetime.overlaps(other.lifetime) {
        let apart =
          plan.offsets[i] + one.bytes <= plan.offsets[j]
          || plan.offsets[j] + other.bytes <= plan.offsets[i]
        #expect(apart, "\(i) and \(j)")
      }
    }
    let fullest =
      (0..<112).map { step in
        items.filter { $0.lifetime.contains(step) }.reduce(0) { $0 + $1.bytes }
      }.max() ?? 0
    #expect(plan.bytes >= fullest && plan.bytes < items.reduce(0) { $0 + $1.bytes })
  }
}
