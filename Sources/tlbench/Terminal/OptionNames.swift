import Records

/// Translates the names of properties in errors and notes into options of the command line.
///
/// Libraries know nothing about options. They name a property in backquotes, as Swift spells it
/// (`trainSize`), and the parser derives the name of the option (`--train-size`) from the same
/// property.
enum OptionNames {
  /// The text with each property in backquotes replaced by its option.
  ///
  /// `` `trainSize` `` becomes `--train-size`, and `` `yKey` = /labels `` becomes
  /// `--y-key /labels`. Only words of ASCII letters and digits that begin with a lower-case letter
  /// are replaced; other text in backquotes stays as it is.
  static func applied(to text: String) -> String {
    text.replacing(/`([a-z][A-Za-z0-9]*)`( = )?/) { match in
      option(match.1) + (match.2 == nil ? "" : " ")
    }
  }

  /// The option of a property: `--train-size` for `trainSize`.
  private static func option(_ property: Substring) -> String {
    "--" + PropertyName.words(property, joinedBy: "-")
  }
}
