/// What the freeze audit of a run found: evidence that freezing, rates and loading took effect.
package struct FreezeRecord: Sendable, Hashable, Codable {
  /// Parameter tensors that no phase trained, moving statistics included.
  package var frozenTensors = 0
  /// SHA-256 over those tensors when training starts; empty for none.
  package var frozenDigestBefore = ""
  /// SHA-256 over them after training, which has to be the same.
  package var frozenDigestAfter = ""
  /// Parameter tensors that hold pretrained values when training starts.
  package var loadedTensors = 0
  /// Parameter tensors of the backbone, which could have been loaded.
  package var backboneTensors = 0
  /// Layers whose tensors were loaded, input first.
  package var loadedLayers: [String] = []
  /// The peak rate that the optimizer used per group, the largest over layers and phases; zero for
  /// groups that no phase trained.
  package var rates = LearningRates.uniform(0)

  package init() {}
}
