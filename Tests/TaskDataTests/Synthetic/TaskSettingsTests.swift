import Records
import TaskData
import Tensors
import Testing

struct TaskSettingsTests {
  /// The defaults are valid and give images of 16×16×1.
  @Test func defaults() throws {
    let settings = TaskSettings()
    try settings.validate()
    #expect(settings.imageShape == ImageShape(height: 16, width: 16, channels: 1))
  }

  /// Each impossible setting is a usage error that names the setting.
  @Test(arguments: [
    "levels", "symbols", "productions", "tileSize", "targetClasses", "sourceClasses", "trainCount",
    "testCount", "sourceTrainCount", "sourceTestCount", "noise",
  ])
  func impossible(setting: String) throws {
    var settings = TaskSettings()
    switch setting {
    case "levels": settings.levels = 0
    case "symbols": settings.symbols = 1
    case "productions": settings.productions = 0
    case "tileSize": settings.tileSize = 1
    case "targetClasses": settings.targetClasses = 1
    case "sourceClasses": settings.sourceClasses = -1
    case "trainCount": settings.trainCount = 9
    case "testCount": settings.testCount = 0
    case "sourceTrainCount": settings.sourceTrainCount = 19
    case "sourceTestCount": settings.sourceTestCount = -5
    default: settings.noise = .nan
    }
    let error = try #require(failure { try settings.validate() })
    #expect(error.kind == .usage)
    #expect(error.subject == setting)
    #expect(error.remedy != nil)
  }

  /// Classes and productions that together need more grids than there are, are refused.
  @Test func tooManyProductions() throws {
    var settings = TaskSettings()
    settings.productions = 43
    try settings.validate()  // 30 classes × 43 = 1,290 of 1,296
    settings.productions = 44
    let error = try #require(failure { try settings.validate() })
    #expect(error.subject == "productions")
    #expect(error.reason.contains("1296"))
  }

  /// Symbols below the classes need room for source and target too.
  @Test func tooManyProductionsOfSymbols() throws {
    var settings = smallSettings {
      ($0.symbols, $0.productions, $0.sourceClasses, $0.targetClasses) = (2, 4, 2, 2)
    }
    try settings.validate()
    settings.symbols = 2
    settings.productions = 5
    #expect(failure { try settings.validate() }?.subject == "productions")
  }

  /// Impossible settings stop a task before anything is drawn.
  @Test func refusedByTasks() {
    let settings = smallSettings { $0.levels = 0 }
    #expect(failure { _ = try SyntheticTask.source(settings) }?.kind == .usage)
    #expect(
      failure { _ = try SyntheticTask.target(settings, similarity: .low, replicate: 0) }?.kind
        == .usage)
  }

  /// Replicates are numbered from 0.
  @Test func negativeReplicate() {
    #expect(failure { _ = try smallTarget(replicate: -1) }?.subject == "replicate")
  }
}
