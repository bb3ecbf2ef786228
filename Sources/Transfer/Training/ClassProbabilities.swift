import Foundation
import TaskData

/// The probabilities that a classifier gives to the classes of some images.
package struct ClassProbabilities: Sendable, Hashable {
  /// Natural logarithms of the probabilities, `[images][classes]`: no probability is too small.
  package private(set) var logarithms: [Double]
  package let classCount: Int

  /// - Parameter logarithms: `[images][classes]`.
  package init(logarithms: [Double], classCount: Int) {
    self.logarithms = logarithms
    self.classCount = classCount
  }

  /// The mean of several classifiers' probabilities of the same images.
  ///
  /// - Precondition: there is at least one classifier.
  package static func mean(of all: [ClassProbabilities]) -> ClassProbabilities {
    var mean = all[0]
    guard all.count > 1 else { return mean }
    for place in mean.logarithms.indices {
      let own = all.map { $0.logarithms[place] }
      let largest = own.max() ?? 0
      // A probability of zero has the logarithm -∞ in every classifier.
      guard largest > -.infinity else { continue }
      mean.logarithms[place] =
        largest + log(own.reduce(0) { $0 + exp($1 - largest) } / Double(own.count))
    }
    return mean
  }

  /// The accuracy, by the most probable class (the first one on a tie), the log-loss, and which
  /// images were classified correctly.
  ///
  /// - Parameter labels: the classes of the images.
  package func evaluation(labels: some Sequence<Int32>) -> Evaluation {
    var (isCorrect, loss) = ([Bool](), 0.0)
    for (image, label) in labels.enumerated() {
      let own = logarithms[image * classCount..<(image + 1) * classCount]
      isCorrect.append(own.firstIndex(of: own.max() ?? 0) == own.startIndex + Int(label))
      loss -= own[own.startIndex + Int(label)]
    }
    let count = Double(isCorrect.count)
    return Evaluation(
      accuracy: Double(isCorrect.count { $0 }) / count, logLoss: loss / count,
      isCorrect: isCorrect)
  }

  /// Chooses classifiers whose mean probabilities do best on held-out images: begins with the best
  /// one, and adds the one that helps most, until none helps.
  ///
  /// Better is a higher accuracy, on a tie a lower loss, and then the earlier classifier: forward
  /// selection without replacement of Caruana, Niculescu-Mizil, Crew and Ksikes, "Ensemble
  /// Selection from Libraries of Models", ICML 2004.
  ///
  /// - Returns: the positions of those that were chosen, ascending; none if no loss is finite.
  package static func survivors(of all: [ClassProbabilities], labels: [Int32]) -> [Int] {
    var chosen: [Int] = []
    var best: Evaluation?
    while true {
      var next: Int?
      for position in all.indices where !chosen.contains(position) {
        let mean = Self.mean(of: (chosen + [position]).sorted().map { all[$0] })
        let evaluation = mean.evaluation(labels: labels)
        if evaluation.isBetter(than: best) { (best, next) = (evaluation, position) }
      }
      guard let next else { return chosen.sorted() }
      chosen.append(next)
    }
  }
}
