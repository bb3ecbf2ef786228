import Dispatch
import Synchronization

/// What a body makes of some inputs, several of them at a time, in the order of the inputs.
///
/// Once a call has thrown no further one is started. Inputs are taken in their order, so that the
/// error that is thrown on is that of the first input that fails, whatever the number of jobs.
func concurrentMap<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], jobs: Int, _ body: @Sendable (Input) throws -> Output
) throws -> [Output] {
  let next = Mutex(0)
  let results = Mutex<[Int: Result<Output, any Error>]>([:])
  DispatchQueue.concurrentPerform(iterations: min(max(jobs, 1), inputs.count)) { _ in
    while let index = next.withLock({ index -> Int? in
      defer { index += 1 }
      return index < inputs.count ? index : nil
    }) {
      let result = Result { try body(inputs[index]) }
      if case .failure = result { next.withLock { $0 = inputs.count } }
      results.withLock { $0[index] = result }
    }
  }
  return try results.withLock { results in
    try results.keys.sorted().compactMap { try results[$0]?.get() }
  }
}
