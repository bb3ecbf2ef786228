/// A technique's option with an invalid value.
package struct InvalidTechnique: Sendable, Hashable {
  /// The property's path in ``Techniques``, such as `head.dropout`.
  package let option: String
  package let value: String
  /// The valid values, such as `a value in 0..<1`.
  package let expected: String
}

extension Techniques {
  /// The largest number of units, views or epochs; larger values are almost certainly typos.
  package static let largestCount = 65_536

  /// Checks every option's range.
  ///
  /// - Parameters:
  ///   - height: the height of the training images; `nil` skips checks that depend on their size.
  ///   - width: the width of the training images.
  /// - Throws: `Failure` of kind `usage` that names the option, its value and the valid values.
  package func validate(imageHeight height: Int? = nil, width: Int? = nil) throws(Failure) {
    guard let invalid = firstInvalid(imageHeight: height, width: width) else { return }
    throw Failure(
      .usage, "cannot train with", on: invalid.option,
      because: "it is \(invalid.value), expected \(invalid.expected)")
  }

  /// The first option with an invalid value; `nil` if all are valid.
  package func firstInvalid(imageHeight: Int?, width: Int?) -> InvalidTechnique? {
    invalidHead ?? invalidSchedule ?? invalidPenalty
      ?? augmentation.firstInvalid(imageHeight: imageHeight, width: width)
  }

  private var invalidHead: InvalidTechnique? {
    // Programs compute in single precision, where 0.999999999 is 1.
    rejected("head.dropout", head.dropout, "a value in 0..<1") { $0 >= 0 && Float($0) < 1 }
      ?? head.hiddenUnits.flatMap { within("head.hiddenUnits", $0, 1...Techniques.largestCount) }
      ?? rejected("convergedHead", convergedHead, "false with a hidden layer or dropout") {
        !$0 || head.hiddenUnits == nil && head.dropout == 0
      }
  }

  private var invalidSchedule: InvalidTechnique? {
    within("headFirst", headFirst, 0...1)
      ?? layerwiseDecay.flatMap { decay in
        rejected("layerwiseDecay", decay, "above 0 and at most 1") { $0 > 0 && $0 <= 1 }
      }
      ?? positive("rateFactor", rateFactor)
      ?? rateFactors.lazy.compactMap { positive("rateFactors", $0) }.first
      ?? earlyStopping.flatMap { stopping in
        within("earlyStopping.patience", stopping.patience, 1...Techniques.largestCount)
      }
  }

  private var invalidPenalty: InvalidTechnique? {
    notNegative("weightDecay", weightDecay)
      ?? startingPointPenalty.flatMap { penalty in
        notNegative("startingPointPenalty.pretrained", penalty.pretrained)
          ?? notNegative("startingPointPenalty.new", penalty.new)
      }
      ?? within("labelSmoothing", labelSmoothing, 0..<1)
      ?? clippingNorm.flatMap { positive("clippingNorm", $0) }
  }
}

extension Augmentation {
  fileprivate func firstInvalid(imageHeight: Int?, width: Int?) -> InvalidTechnique? {
    let side = imageHeight.flatMap { height in width.map { min(height, $0) } }
    let largest = side ?? Techniques.largestCount
    return within("augmentation.shift", shift, 0...max(largest - 1, 0))
      ?? notNegative("augmentation.noise", noise)
      ?? within("augmentation.cutout", cutout, 0...largest)
      ?? within("augmentation.cachedViews", cachedViews, 0...Techniques.largestCount)
      ?? rejected("augmentation.cachedViews", cachedViews, "0 if nothing is augmented") {
        $0 == 0 || isOn
      }
      ?? rejected("augmentation.rotation", rotation, "false for images that are not square") {
        !$0 || imageHeight == width
      }
  }
}

/// Returns `nil` if the value is as expected; NaN is in no range.
private func rejected<Value>(
  _ option: String, _ value: Value, _ expected: String, unless isValid: (Value) -> Bool
) -> InvalidTechnique? {
  isValid(value) ? nil : InvalidTechnique(option: option, value: "\(value)", expected: expected)
}

private func within<Range: RangeExpression>(
  _ option: String, _ value: Range.Bound, _ range: Range
) -> InvalidTechnique? {
  rejected(option, value, "a value in \(range)") { range.contains($0) }
}

private func positive(_ option: String, _ value: Double) -> InvalidTechnique? {
  rejected(option, value, "a number above 0") { $0 > 0 && $0.isFinite }
}

private func notNegative(_ option: String, _ value: Double) -> InvalidTechnique? {
  rejected(option, value, "a number of at least 0") { $0 >= 0 && $0.isFinite }
}
