/// Everything that decides which cells a sweep has and what their figures will be.
///
/// Two sweeps with equal plans, weights and tasks give the same bits, for any number of workers.
package struct SweepPlan: Sendable, Hashable, Codable {
  /// `simple`, `medium` or `deep`.
  package var architecture: String
  package var similarities: [Similarity]
  /// Numbers of labelled training examples, ascending.
  package var trainSizes: [Int]
  package var arms: [Arm]
  /// How many target tasks are drawn per similarity; replicates are numbered from 0.
  package var replicates: Int
  /// SHA-256 of the pretrained weights, in hexadecimal.
  package var weightsDigest: String

  package init(
    architecture: String, similarities: [Similarity], trainSizes: [Int], arms: [Arm],
    replicates: Int, weightsDigest: String
  ) {
    self.architecture = architecture
    self.similarities = similarities
    self.trainSizes = trainSizes
    self.arms = arms
    self.replicates = replicates
    self.weightsDigest = weightsDigest
  }

  /// The keys of all cells: similarity, then size, then arm, then replicate (the storage order).
  package var cellKeys: [CellKey] {
    similarities.flatMap { similarity in
      trainSizes.flatMap { size in
        arms.flatMap { arm in
          (0..<replicates).map {
            CellKey(similarity: similarity, trainSize: size, arm: arm, replicate: $0)
          }
        }
      }
    }
  }
}

/// The coordinates of one training run.
package struct CellKey: Sendable, Hashable, Codable {
  package let similarity: Similarity
  package let trainSize: Int
  package let arm: Arm
  package let replicate: Int

  package init(similarity: Similarity, trainSize: Int, arm: Arm, replicate: Int) {
    self.similarity = similarity
    self.trainSize = trainSize
    self.arm = arm
    self.replicate = replicate
  }
}

extension CellKey: CustomStringConvertible {
  package var description: String {
    "\(similarity.label) n=\(trainSize) \(arm.name) r\(replicate)"
  }
}
