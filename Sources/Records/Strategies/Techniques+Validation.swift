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

  /// The first option with an invalid value, in the order of ``Technique/all``; `nil` if all are
  /// valid.
  package func firstInvalid(imageHeight: Int?, width: Int?) -> InvalidTechnique? {
    Technique.all.lazy.compactMap { $0.invalid(self, imageHeight, width) }.first
  }
}
