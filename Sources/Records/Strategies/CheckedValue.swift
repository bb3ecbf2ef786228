/// The value of a technique, or of a part of it, that is checked against its range.
struct CheckedValue<Value> {
  /// The path of the value in ``Techniques``, such as `earlyStopping.patience`.
  let path: String
  let value: Value
  /// All techniques: the range of one may depend on others.
  let techniques: Techniques
  /// The height of the training images; `nil` if it is not known.
  let imageHeight: Int?
  /// The width of the training images; `nil` if it is not known.
  let imageWidth: Int?

  /// The smaller side of the training images; the largest count if it is not known.
  var smallerSide: Int {
    guard let imageHeight, let imageWidth else { return Techniques.largestCount }
    return min(imageHeight, imageWidth)
  }

  /// Returns what is wrong, unless the value is valid.
  ///
  /// - Parameter expected: the valid values, such as `above 0`.
  func expect(_ expected: String, _ isValid: Bool) -> InvalidTechnique? {
    isValid ? nil : InvalidTechnique(option: path, value: "\(value)", expected: expected)
  }

  /// A part of the value, whose name errors append to the path.
  func part<Part>(_ name: String, _ part: KeyPath<Value, Part>) -> CheckedValue<Part> {
    replacing(value[keyPath: part], path: "\(path).\(name)")
  }

  /// The value of an optional property; `nil` if it is not set.
  func ifSet<Wrapped>() -> CheckedValue<Wrapped>? where Value == Wrapped? {
    value.map { replacing($0, path: path) }
  }

  /// The elements of a list.
  func elements<Element>() -> [CheckedValue<Element>] where Value == [Element] {
    value.map { replacing($0, path: path) }
  }

  private func replacing<Other>(_ value: Other, path: String) -> CheckedValue<Other> {
    CheckedValue<Other>(
      path: path, value: value, techniques: techniques, imageHeight: imageHeight,
      imageWidth: imageWidth)
  }
}

// NaN is in no range.

extension CheckedValue where Value: Comparable {
  func within<Bounds: RangeExpression>(_ bounds: Bounds) -> InvalidTechnique?
  where Bounds.Bound == Value {
    expect("a value in \(bounds)", bounds.contains(value))
  }
}

extension CheckedValue<Double> {
  func positive() -> InvalidTechnique? {
    expect("a number above 0", value > 0 && value.isFinite)
  }

  func notNegative() -> InvalidTechnique? {
    expect("a number of at least 0", value >= 0 && value.isFinite)
  }
}
