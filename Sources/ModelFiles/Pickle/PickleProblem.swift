/// Why a pickle is refused, before the file and the byte are known.
struct PickleProblem: Error {
  let reason: String
  /// Whether the pickle holds more than tensors, and not merely is damaged.
  let isForeign: Bool

  init(_ reason: String, isForeign: Bool = false) {
    self.reason = reason
    self.isForeign = isForeign
  }
}
