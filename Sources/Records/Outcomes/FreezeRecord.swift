/// The findings of the freeze audit of a run: evidence that freezing, learning rates and loading
/// took effect.
package struct FreezeRecord: Sendable, Hashable, Codable {
  /// The number of parameter tensors that no phase trained, moving statistics included.
  package var frozenTensors = 0
  /// The SHA-256 of the frozen tensors when training starts; empty if there are none.
  package var frozenDigestBefore = ""
  /// The SHA-256 of the frozen tensors after training, which has to equal the one before.
  package var frozenDigestAfter = ""
  /// The number of parameter tensors that hold pretrained values when training starts.
  package var loadedTensors = 0
  /// The number of parameter tensors of the backbone, which could have been loaded.
  package var backboneTensors = 0
  /// Layers whose tensors were loaded, input first.
  package var loadedLayers: [String] = []
  /// The peak learning rate that the optimizer used per group, the maximum over layers and phases;
  /// zero for groups that no phase trained.
  package var rates = LearningRates.uniform(0)

  package init() {}
}
