import RealModule

/// Mean and deviation of the paired differences between two treatments, without the differences
/// themselves: every strategy of a place is compared with every other one.
///
/// The values are those of ``PairedDifferences``, bit by bit.
struct DifferenceMoments {
  /// The number of pairs.
  let count: Int
  /// The mean difference; 0 without pairs.
  let mean: Double
  /// The standard deviation over n − 1; `nil` below two pairs.
  private let deviation: Double?

  init(_ first: [Double?], _ second: [Double?]) {
    let length = min(first.count, second.count)
    var (count, sum) = (0, 0.0)
    var constant: Double?
    var isConstant = true
    for index in 0..<length {
      guard let one = first[index], let other = second[index] else { continue }
      let difference = one - other
      count += 1
      sum += difference
      if let constant { isConstant = isConstant && difference == constant }
      constant = constant ?? difference
    }
    self.count = count
    let mean = count > 0 ? sum / Double(count) : 0
    self.mean = mean
    guard count >= 2 else {
      deviation = nil
      return
    }
    guard !isConstant else {
      deviation = 0
      return
    }
    var squares = 0.0
    for index in 0..<length {
      guard let one = first[index], let other = second[index] else { continue }
      let distance = one - other - mean
      squares += distance * distance
    }
    deviation = Double.sqrt(squares / Double(count - 1))
  }

  /// The standard error of the mean; `nil` below two pairs.
  func error(_ replication: Replication) -> Double? {
    deviation.map {
      replication.errorFactor(count: count) * $0 / Double.sqrt(Double(count))
    }
  }
}
