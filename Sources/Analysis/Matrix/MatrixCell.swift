package import Records

/// A place of the matrix: how much labelled data there is, and how close the tasks are.
package struct MatrixPlace: Sendable, Hashable {
  package let similarity: Similarity
  /// Number of labelled training examples.
  package let trainSize: Int

  package init(similarity: Similarity, trainSize: Int) {
    self.similarity = similarity
    self.trainSize = trainSize
  }
}

/// One place of the matrix with the replicates of all arms.
package struct MatrixCell: Sendable, Hashable {
  package let place: MatrixPlace
  /// All arms of the plan, in its order, measured here or not.
  package let arms: [ArmSummary]

  package init(place: MatrixPlace, arms: [ArmSummary]) {
    self.place = place
    self.arms = arms
  }

  package var similarity: Similarity { place.similarity }

  package var trainSize: Int { place.trainSize }

  /// The arms that have at least one completed replicate.
  package var measuredArms: [ArmSummary] { arms.filter { $0.completedCount > 0 } }

  /// The arm of that name; `nil` where the plan has none.
  package func arm(named name: String) -> ArmSummary? { arms.first { $0.arm.name == name } }
}
