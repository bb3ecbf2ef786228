package import Records

/// A place of the matrix: the amount of labelled data, and the similarity of the tasks.
package struct MatrixPlace: Sendable, Hashable {
  /// The similarity of the target task to the source task.
  package let similarity: Similarity
  /// Number of labelled training examples.
  package let trainSize: Int

  package init(similarity: Similarity, trainSize: Int) {
    self.similarity = similarity
    self.trainSize = trainSize
  }
}

/// One place of the matrix with the replicates of all strategies.
package struct MatrixCell: Sendable, Hashable {
  package let place: MatrixPlace
  /// All strategies of the plan, in its order, measured here or not.
  package let arms: [ArmSummary]
  /// The accuracy of guessing, 0...1; `nil` if it is not known.
  package let chance: Double?

  package init(place: MatrixPlace, arms: [ArmSummary], chance: Double? = nil) {
    self.place = place
    self.arms = arms
    self.chance = chance
  }

  package var similarity: Similarity { place.similarity }

  package var trainSize: Int { place.trainSize }

  /// The strategies that have at least one completed replicate.
  package var measuredArms: [ArmSummary] { arms.filter { $0.completedCount > 0 } }

  /// The strategy of the given name; `nil` if the plan does not have it.
  package func arm(named name: String) -> ArmSummary? { arms.first { $0.arm.name == name } }
}
