import Analysis
import Records

/// Who wins at one similarity, as runs of numbers of labels.
enum CurveFinding {
  /// The winners in words, such as `linear-probe up to 300, fine-tuning from 1,000`.
  ///
  /// - Parameter places: Places of one similarity by ascending number of labels.
  static func text(_ places: [PlaceVerdict]) -> String {
    let runs = runs(places)
    guard let first = places.first?.place.trainSize, let last = places.last?.place.trainSize,
      !runs.isEmpty
    else { return "no clear winner" }
    if runs.count == 1, runs[0].first == first, runs[0].last == last {
      return runs[0].name + (first == last ? "" : " at every number of labels")
    }
    if runs.count == 1, runs[0].first == first {
      return "\(runs[0].name) up to \(FigureText.grouped(runs[0].last)), then no clear winner"
    }
    return runs.map { run in
      let (start, end) = (FigureText.grouped(run.first), FigureText.grouped(run.last))
      if run.last == last { return "\(run.name) from \(start)" }
      if run.first == first { return "\(run.name) up to \(end)" }
      return run.first == run.last ? "\(run.name) at \(start)" : "\(run.name) \(start) to \(end)"
    }.joined(separator: ", ")
  }

  /// Neighbouring places with the same winner; places without one are left out.
  static func runs(_ places: [PlaceVerdict]) -> [(name: String, first: Int, last: Int)] {
    var runs: [(name: String?, first: Int, last: Int)] = []
    for place in places {
      let (name, size) = (place.winner?.name, place.place.trainSize)
      if let known = runs.last, known.name == name {
        runs[runs.count - 1].last = size
      } else {
        runs.append((name, size, size))
      }
    }
    return runs.compactMap { run in run.name.map { ($0, run.first, run.last) } }
  }
}
