package import Records

/// Makes synthetic tasks; the same settings give the same bits.
package enum SyntheticTask {
  /// The task that networks are pretrained on.
  ///
  /// - Throws: `Failure` of kind `usage` when the settings are impossible.
  package static func source(_ settings: TaskSettings) throws -> TaskDataset {
    try make(
      TaskRecipe(settings: settings), name: sourceName(settings.family), similarity: nil)
  }

  /// A task to transfer to, named after its similarity, such as `target-high-r0`.
  ///
  /// - Throws: `Failure` of kind `usage` when the settings are impossible.
  package static func target(
    _ settings: TaskSettings, similarity: Similarity, replicate: Int
  ) throws -> TaskDataset {
    try make(
      recipe(settings, similarity: similarity, replicate: replicate),
      name: name(settings.family, similarity: similarity, replicate: replicate),
      similarity: similarity.value)
  }

  /// A task to transfer to whose strata are inherited independently, named after the inherited
  /// fractions, such as `target-strata-1-0-0.5-r0`.
  ///
  /// - Throws: `Failure` of kind `usage` when the settings or the inheritance are impossible.
  package static func target(
    _ settings: TaskSettings, inheriting inheritance: Inheritance, replicate: Int
  ) throws -> TaskDataset {
    try make(
      TaskRecipe(
        settings: settings,
        target: TaskRecipe.Target(inheritance: inheritance, replicate: replicate)),
      name: "\(settings.family.prefix)target-\(inheritance.label)-r\(replicate)",
      similarity: inheritance.similarity)
  }

  /// The name of the source task, such as `source`, and of its file without the extension.
  static func sourceName(_ family: TaskFamily) -> String { "\(family.prefix)source" }

  /// The name of a target task, and of its file without the extension.
  package static func name(
    _ family: TaskFamily, similarity: Similarity, replicate: Int
  ) -> String {
    "\(family.prefix)target-\(similarity.label)-r\(replicate)"
  }

  /// The recipe of a target task, for comparison with the recipe in a file.
  ///
  /// - Precondition: `settings` are valid, and the similarity is known.
  package static func recipe(
    _ settings: TaskSettings, similarity: Similarity, replicate: Int
  ) -> TaskRecipe {
    let (value, levels) = (similarity.value ?? .nan, max(1, settings.strata))
    let inheritance =
      similarity.shift.map { Inheritance($0, leaving: value, levels: levels) }
      ?? Inheritance(similarity: value, levels: levels)
    return TaskRecipe(
      settings: settings,
      target: TaskRecipe.Target(inheritance: inheritance, replicate: replicate))
  }

  private static func make(
    _ recipe: TaskRecipe, name: String, similarity: Double?
  ) throws -> TaskDataset {
    try recipe.validate()
    return try TaskDataset(
      name: name, train: recipe.train.rendered(), test: recipe.test.rendered(),
      similarity: similarity, recipe: recipe)
  }
}
