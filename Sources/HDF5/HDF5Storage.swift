/// The storage layout of a dataset in the file.
package enum HDF5Storage: Sendable, Hashable {
  /// In one piece, uncompressed.
  case contiguous
  /// In chunks of `rows` rows of axis 0, byte-shuffled and deflated with the level `compression`; 0
  /// is uncompressed.
  ///
  /// If `rows` exceeds the number of rows, there is one chunk. Scalars and empty datasets are
  /// stored contiguously.
  case chunked(rows: Int, compression: Int)
}
