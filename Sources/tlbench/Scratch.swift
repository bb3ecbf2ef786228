import ArgumentParser
import Foundation
import NeuralNetwork
import Records
import TaskData
import Transfer
import Dispatch

struct Scratch: ParsableCommand {
  @Option var arch = "medium"
  @Option var epochs = 15
  func run() throws {
    let settings = HierarchySettings()
    let t0 = Stopwatch()
    let source = try SyntheticTask.source(settings)
    print("source generated", t0.wallSeconds)
    let t1 = Stopwatch()
    let (model, outcome) = try PretrainedModel.pretrain(Architecture(rawValue: arch)!, on: source, epochs: epochs)
    print("pretrain", t1.wallSeconds, "acc", model.sourceTestAccuracy, "img/s", Double(20000*epochs)/t1.wallSeconds, outcome.history.map { ($0.accuracy*1000).rounded()/1000 })
    for similarity in [Similarity.high, .medium, .low] {
      let task = try SyntheticTask.target(settings, similarity: similarity, replicate: 0)
      for n in [100, 1000, 10000] {
        let rows = try Subset.balanced(labels: task.train.labels, classCount: 10, count: n, seed: 1)
        let train = task.train.selecting(rows)
        var line = "\(similarity.label) \(n): "
        for arm in Arm.standard {
          let m = try StrategyRun(arm: arm, model: model, seed: 5).measure(train: train, test: task.test)
          line += "\(arm.name) \(m.accuracy) (train \(m.trainAccuracy), \((m.wallSeconds*100).rounded()/100)s) | "
        }
        print(line)
      }
    }
  }
}
