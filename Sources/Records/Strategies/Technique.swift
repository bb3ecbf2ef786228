/// A row of the table of techniques: what plans, options, errors and help say about a property of
/// ``Techniques``.
///
/// A new technique is a row in `Technique+Table.swift`, its property, its option in
/// `TechniqueOptions`, and its effect on training. Names in plans and in errors are derived from
/// the name of the property.
package struct Technique: Sendable {
  /// The path of the property in ``Techniques``, such as `head.dropout`.
  package let property: String
  /// The property in the type that declares it, such as `\HeadDesign.dropout`.
  package let keyPath: any AnyKeyPath & Sendable
  /// The name of the option that sets the property, such as `dropout`; `nil` if there is no option.
  package let option: String?
  /// What the value of the option is, such as `fraction`; `nil` for an option without a value.
  package let valueName: String?
  /// The description of the option for help.
  package let summary: String
  /// The families whose training ignores the technique.
  package let ignoredBy: Set<Strategy>
  /// Whether the technique is part of gradient descent, so that a head that is solved to
  /// convergence ignores it.
  package let isOfGradientDescent: Bool
  /// Whether the property differs from its default.
  package let isChanged: @Sendable (Techniques) -> Bool
  /// What is wrong with the property; `nil` if its value is valid.
  let invalid: @Sendable (Techniques, _ imageHeight: Int?, _ imageWidth: Int?) -> InvalidTechnique?

  /// The key in plans, such as `hidden_units`.
  ///
  /// Properties of ``HeadDesign`` and ``Augmentation`` are keys of the objects `head` and
  /// `augmentation`.
  package var planKey: String {
    PropertyName.words(property.split(separator: ".").last ?? "", joinedBy: "_")
  }

  /// A property of a part of ``Techniques``, such as the head.
  ///
  /// - Parameters:
  ///   - owner: returns the part.
  ///   - check: returns what is wrong with a value (default: all values are valid).
  init<Owner, Value: Equatable & Sendable>(
    _ property: String, _ keyPath: any WritableKeyPath<Owner, Value> & Sendable,
    in owner: @escaping @Sendable (Techniques) -> Owner, option: String? = nil,
    value valueName: String? = nil, _ summary: String = "", ignoredBy: Set<Strategy> = [],
    isOfGradientDescent: Bool = false,
    check: @escaping @Sendable (CheckedValue<Value>) -> InvalidTechnique? = { _ in nil }
  ) {
    self.property = property
    self.keyPath = keyPath
    self.option = option
    self.valueName = valueName
    self.summary = summary
    self.ignoredBy = ignoredBy
    self.isOfGradientDescent = isOfGradientDescent
    isChanged = { owner($0)[keyPath: keyPath] != owner(Techniques())[keyPath: keyPath] }
    invalid = { techniques, imageHeight, imageWidth in
      check(
        CheckedValue(
          path: property, value: owner(techniques)[keyPath: keyPath], techniques: techniques,
          imageHeight: imageHeight, imageWidth: imageWidth))
    }
  }

  /// A property of ``Techniques`` itself.
  init<Value: Equatable & Sendable>(
    _ property: String, _ keyPath: any WritableKeyPath<Techniques, Value> & Sendable,
    option: String? = nil, value valueName: String? = nil, _ summary: String = "",
    ignoredBy: Set<Strategy> = [], isOfGradientDescent: Bool = false,
    check: @escaping @Sendable (CheckedValue<Value>) -> InvalidTechnique? = { _ in nil }
  ) {
    self.init(
      property, keyPath, in: { $0 }, option: option, value: valueName, summary,
      ignoredBy: ignoredBy, isOfGradientDescent: isOfGradientDescent, check: check)
  }
}
