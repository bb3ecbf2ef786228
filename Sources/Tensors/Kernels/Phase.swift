/// What a forward computation is for: training keeps what the backward pass needs.
package enum Phase: Sendable {
  case training, inference

  var c: Int32 { self == .training ? 1 : 0 }
}
