import Dispatch
import Synchronization

/// Maps inputs concurrently and returns the results in the order of the inputs.
///
/// Once a call has thrown, no further call is started. Inputs are taken in order, so the error that
/// is rethrown is that of the first failing input, whatever the number of jobs.
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
