import Records

/// What a fitted advisor has not seen of the places that it is scored on.
package enum HeldOut: String, Sendable, CaseIterable {
  /// Nothing is left out, since nothing is fitted.
  case nothing
  /// All sizes of the place's similarity are left out, and all other kinds of shift.
  case similarity
  /// All similarities of the place's size are left out, and all other kinds of shift.
  case trainSize = "size"

  /// The advice of an advisor for every place of a matrix, each time fitted on the rest.
  func advice(_ policy: some AdvisingPolicy, in matrix: ResultsMatrix) throws -> [String?] {
    var advised: [MatrixPlace: String] = [:]
    for (cells, rest) in folds(of: matrix) {
      let places = cells.map(\.place)
      let names = try policy.advise(places, fittedOn: rest)
      for (place, name) in zip(places, names) { advised[place] = name }
    }
    return matrix.cells.map { advised[$0.place] }
  }

  /// The places that are left out together, and the matrix that is left to be fitted.
  func folds(
    of matrix: ResultsMatrix
  ) -> [(cells: [MatrixCell], rest: ResultsMatrix)] {
    switch self {
    case .nothing:
      [(matrix.cells, matrix)]
    case .similarity:
      matrix.similarities.map { similarity in
        (
          matrix.cells.filter { $0.similarity == similarity },
          matrix.keeping(shift: similarity.shift).leavingOut(similarity)
        )
      }
    case .trainSize:
      matrix.shifts.flatMap { shift -> [(cells: [MatrixCell], rest: ResultsMatrix)] in
        let own = matrix.keeping(shift: shift)
        return own.trainSizes.map { size in
          (own.cells.filter { $0.trainSize == size }, own.leavingOut(trainSize: size))
        }
      }
    }
  }
}
