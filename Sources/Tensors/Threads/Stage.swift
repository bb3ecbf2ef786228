/// A part of a computation that several threads may share.
///
/// A stage has a number of units, such as the images of a batch. Any threads may compute any of
/// them at the same time, and the results are the same, bit for bit, however the units are divided.
package struct Stage {
  package typealias Body = (_ units: Range<Int>, _ thread: Int) throws -> Void

  package let units: Int
  /// Computes some units on the calling thread, whose number among the threads at work is given.
  let body: Body

  /// - Parameter units: their number; a stage with 0 units has nothing to do.
  package init(units: Int, _ body: @escaping Body) {
    precondition(units >= 0, "a stage has no negative number of units")
    self.units = units
    self.body = body
  }

  /// Computes some units on the calling thread.
  package func run(_ units: Range<Int>) throws { try body(units, 0) }

  /// A stage that one thread computes.
  package init(_ body: @escaping () throws -> Void) {
    self.init(units: 1) { _, _ in try body() }
  }

  /// The same computation in which adjacent stages of one unit are one stage, without stages that
  /// have nothing to do.
  static func joined(_ stages: [Stage]) -> [Stage] {
    var joined: [Stage] = []
    var single: [Body] = []
    func flush() {
      guard !single.isEmpty else { return }
      let bodies = single
      single = []
      joined.append(
        Stage(units: 1) { units, thread in
          for body in bodies { try body(units, thread) }
        })
    }
    for stage in stages where stage.units > 0 {
      if stage.units > 1 {
        flush()
        joined.append(stage)
      } else {
        single.append(stage.body)
      }
    }
    flush()
    return joined
  }
}
