/// Whether the output of frozen layers is kept from epoch to epoch.
package enum PrefixCachePolicy: Sendable {
  /// The output is computed once per example and phase.
  case cached
  /// The output is computed once per example for all runs that share the cache; results are
  /// bit-identical.
  case shared(FeatureCache)
  /// The output is recomputed for every batch, which saves memory; results are bit-identical.
  case recomputed

  /// Whether the output is kept.
  var keeps: Bool {
    switch self {
    case .cached, .shared: true
    case .recomputed: false
    }
  }
}
