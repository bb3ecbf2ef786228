package import Records

/// How a synthetic task is made: equal recipes make equal tasks.
package struct TaskRecipe: Sendable, Hashable, Codable {
  package let settings: TaskSettings
  /// What a target task inherits, and which of its replicates it is; `nil` for the source task.
  package let target: Target?

  package struct Target: Sendable, Hashable, Codable {
    package let inheritance: Inheritance
    package let replicate: Int

    package init(inheritance: Inheritance, replicate: Int) {
      self.inheritance = inheritance
      self.replicate = replicate
    }
  }

  package init(settings: TaskSettings, target: Target? = nil) {
    self.settings = settings
    self.target = target
  }

  /// - Throws: `Failure` of kind `usage` when the settings or the inheritance are impossible.
  package func validate() throws(Failure) {
    try settings.validate()
    try target?.inheritance.validate(settings)
    guard let target, target.replicate < 0 else { return }
    throw Failure(
      .usage, "cannot make a task", on: "replicate", because: "\(target.replicate) is negative",
      remedy: "Replicates are numbered from 0.")
  }

  /// - Precondition: the recipe is valid.
  package var grammar: any TaskGrammar {
    switch settings.family {
    case .hierarchy:
      target.map {
        HierarchyGrammar.target(settings, inheriting: $0.inheritance, replicate: $0.replicate)
      } ?? .source(settings)
    case .shapes:
      target.map {
        ShapeGrammar.target(settings, inheriting: $0.inheritance, replicate: $0.replicate)
      } ?? .source(settings)
    }
  }

  /// - Precondition: the recipe is valid.
  package var train: SyntheticImages {
    images("train", target == nil ? settings.sourceTrainCount : settings.trainCount)
  }

  /// - Precondition: the recipe is valid.
  package var test: SyntheticImages {
    images("test", target == nil ? settings.sourceTestCount : settings.testCount)
  }

  /// The images of one set.
  ///
  /// The seed does not depend on the inheritance: tasks of one replicate have the same labels,
  /// choices and noise, and differ only in their grammars.
  private func images(_ set: String, _ count: Int) -> SyntheticImages {
    let owner = target.map { "replicate \($0.replicate)" } ?? "source"
    return SyntheticImages(
      grammar: grammar, noise: settings.noise, count: count,
      seed: ContentDigest.seed("images", "\(settings.seed)", owner, set))
  }
}
