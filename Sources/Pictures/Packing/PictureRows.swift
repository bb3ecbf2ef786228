import HDF5

/// The rows of the pixels of a set that is being written, by the index of the picture in its list.
///
/// Threads may share it, and write rows in any order: the module HDF5 lets one of them call the
/// library at a time, and nothing else changes.
final class PictureRows: @unchecked Sendable {
  private let datasets: [HDF5Dataset]
  /// The dataset and the row of each picture.
  private var places: [Int: (dataset: Int, row: Int)] = [:]

  /// Takes the space of all datasets in the file, in their order.
  ///
  /// - Parameter datasets: each with the pictures of its rows.
  init(_ datasets: [(HDF5Dataset, [Int])], rowBytes: Int) throws(HDF5Error) {
    self.datasets = datasets.map { $0.0 }
    for (number, (dataset, pictures)) in datasets.enumerated() {
      for (row, picture) in pictures.enumerated() { places[picture] = (number, row) }
      // The library takes the space of a dataset when its first row is written.
      try dataset.writeRows([UInt8](repeating: 0, count: rowBytes), at: 0)
    }
  }

  func write(_ pixels: [UInt8], at picture: Int) throws(HDF5Error) {
    guard let (dataset, row) = places[picture] else { return }
    try datasets[dataset].writeRows(pixels, at: row)
  }

  func read(_ picture: Int) throws(HDF5Error) -> [UInt8] {
    guard let (dataset, row) = places[picture] else { return [] }
    return try datasets[dataset].readRows(row..<row + 1, as: UInt8.self)
  }
}
