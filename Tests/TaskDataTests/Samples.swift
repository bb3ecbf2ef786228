import Records
import TaskData
import Tensors
import Testing

/// Settings of small sets, quick to make.
func smallSettings(_ change: (inout TaskSettings) -> Void = { _ in }) -> TaskSettings {
  var settings = TaskSettings()
  settings.trainCount = 60
  settings.testCount = 20
  settings.sourceTrainCount = 80
  settings.sourceTestCount = 40
  change(&settings)
  return settings
}

func smallTarget(
  _ similarity: Similarity = .medium, replicate: Int = 0,
  _ change: (inout TaskSettings) -> Void = { _ in }
) throws -> TaskDataset {
  try SyntheticTask.target(smallSettings(change), similarity: similarity, replicate: replicate)
}

/// The target grammar of the default settings.
func targetGrammar(_ similarity: Double, replicate: Int = 0) -> HierarchyGrammar {
  .target(
    TaskSettings(), inheriting: Inheritance(similarity: similarity, levels: 3),
    replicate: replicate)
}

extension SyntheticImages {
  /// The grammar of images of a hierarchy.
  var hierarchy: HierarchyGrammar {
    get throws { try #require(grammar as? HierarchyGrammar) }
  }

  /// The sample that an image of a hierarchy shows.
  func sample(at index: Int) throws -> HierarchySample {
    var generator = generator(at: index)
    return try HierarchySample(of: Int(labels[index]), in: hierarchy, using: &generator)
  }
}

/// How many symbols of a level have the same productions in two grammars.
func sharedSymbols(_ first: HierarchyGrammar, _ second: HierarchyGrammar, level: Int) -> Int {
  zip(first.rules[level].productions, second.rules[level].productions).filter(==).count
}

func sharedTiles(_ first: HierarchyGrammar, _ second: HierarchyGrammar) -> Int {
  zip(first.alphabet.tiles, second.alphabet.tiles).filter(==).count
}

/// The failure that `action` throws, or `nil`.
func failure(_ action: () throws -> Void) -> Failure? {
  do {
    try action()
    return nil
  } catch {
    return error as? Failure
  }
}
