import RealModule
import Records

/// Advises the best strategy of the nearest measured place: the simplest fitted advisor.
///
/// A factor of ten in size is as far as the whole range of similarity; among equally near places
/// the first in the matrix decides.
package struct NearestCellPolicy: AdvisingPolicy {
  package let name = "nearest-place"
  package let summary = "the best strategy of the nearest measured place"
  package let isFitted = true

  package init() {}

  package func advise(
    _ places: [MatrixPlace], fittedOn matrix: ResultsMatrix
  ) -> [String?] {
    places.map { place in
      matrix.cells
        .filter { $0.place.level != nil }
        .min { distance($0.place, place) < distance($1.place, place) }?
        .best()?.arm.name
    }
  }

  private func distance(_ one: MatrixPlace, _ other: MatrixPlace) -> Double {
    let size = Double.log10(Double(one.trainSize)) - Double.log10(Double(other.trainSize))
    let similarity = (one.similarity.value ?? .nan) - (other.similarity.value ?? .nan)
    return Double.hypot(size, similarity)
  }
}
