package import Records

/// A change of state of one run during a sweep.
package enum SweepEvent: Sendable, Hashable {
  case started(RunKey)
  /// The run completed or failed.
  case finished(RunResult)
  /// The run was stopped by a cancellation and counts as not started.
  case abandoned(RunKey)

  package var key: RunKey {
    switch self {
    case .started(let key), .abandoned(let key): key
    case .finished(let result): result.key
    }
  }
}
