/// Spells the names of properties in the styles of other languages.
package enum PropertyName {
  /// The words of a property's name in lower case, such as `label-smoothing` for `labelSmoothing`.
  ///
  /// - Parameter separator: the text between two words, such as a hyphen.
  package static func words(_ name: some StringProtocol, joinedBy separator: String) -> String {
    name.reduce(into: "") { text, character in
      if character.isUppercase { text += separator }
      text += character.lowercased()
    }
  }
}
