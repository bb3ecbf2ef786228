import Records
import TaskData
import Tensors
import Testing

struct SyntheticTaskTests {
  /// The same settings give the same task; another seed gives another.
  @Test func deterministic() throws {
    let task = try smallTarget()
    #expect(try smallTarget().digest == task.digest)
    #expect(try smallTarget { $0.seed = 7 }.digest != task.digest)
  }

  /// Generation gives these bits, on every machine and in every version.
  @Test func pinned() throws {
    #expect(
      try smallTarget().digest
        == "4f7bad3bf780ff435acb47a86bf486172ebd9f76dc11c9e190eb9e002680a3a7")
  }

  /// Tasks are called after their similarity and replicate.
  @Test func names() throws {
    #expect(try SyntheticTask.source(smallSettings()).name == "source")
    #expect(try smallTarget(.high, replicate: 2).name == "target-high-r2")
    let strata = Inheritance(alphabet: 1, rules: [0, 0.5])
    #expect(
      try SyntheticTask.target(smallSettings(), inheriting: strata, replicate: 0).name
        == "target-strata-1-0-0.5-r0")
  }

  /// Counts, classes, shape and similarity are those of the settings.
  @Test func sizes() throws {
    let source = try SyntheticTask.source(smallSettings())
    #expect(source.train.count == 80 && source.test.count == 40)
    #expect(source.train.classCount == 20)
    #expect(source.similarity == nil)
    let target = try smallTarget(.medium)
    #expect(target.train.count == 60 && target.test.count == 20)
    #expect(target.train.classCount == 10)
    #expect(target.similarity == 2.0 / 3)
    #expect(target.train.shape == smallSettings().imageShape)
  }

  /// Every class has equally many images to within one, in random order.
  @Test func balance() throws {
    let labels = try smallTarget { $0.trainCount = 104 }.train.labels
    let counts = (0..<10).map { label in labels.filter { $0 == label }.count }
    #expect(counts == [11, 11, 11, 11, 10, 10, 10, 10, 10, 10])
    #expect(labels != labels.sorted())
    #expect(Array(labels.prefix(10)) != Array(0..<10))
  }

  /// Training and test images are drawn independently.
  @Test func disjoint() throws {
    let task = try smallTarget { $0.testCount = 60 }
    let train = try Set((0..<60).map { try task.train.image($0) })
    #expect(try train.isDisjoint(with: (0..<60).map { try task.test.image($0) }))
  }

  /// Replicates differ in their images, similarities of one replicate in their grammars only.
  @Test func replicates() throws {
    #expect(try smallTarget(replicate: 1).digest != smallTarget().digest)
    #expect(try smallTarget(.low).digest != smallTarget(.high).digest)
    #expect(try smallTarget(.low).train.labels == smallTarget(.high).train.labels)
  }

  /// The mean image of a class says next to nothing about it: classifying by the nearest one is
  /// far from solving the task, so that structure has to be learned.
  @Test func notLinear() throws {
    let task = try smallTarget { ($0.trainCount, $0.testCount) = (1_000, 500) }
    let size = task.train.shape.count
    var means = [[Float]](repeating: [Float](repeating: 0, count: size), count: 10)
    for index in 0..<task.train.count {
      let label = Int(task.train.labels[index])
      for (pixel, value) in try task.train.image(index).enumerated() {
        means[label][pixel] += value / 100
      }
    }
    let correct = try (0..<task.test.count).filter { index in
      let image = try task.test.image(index)
      let distances = means.map { mean in
        zip(mean, image).reduce(Float(0)) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
      }
      return distances.indices.min { distances[$0] < distances[$1] }
        == Int(task.test.labels[index])
    }
    #expect(correct.count < 150)  // 30 %; chance is 10 %
  }
}
