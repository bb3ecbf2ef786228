/// The purpose of a forward computation: for training, it keeps the values for the backward pass.
package enum Phase: Sendable {
  case training, inference

  var c: Int32 { self == .training ? 1 : 0 }
}
