/// How the elements of a dataset lie in the file.
package enum HDF5Storage: Sendable, Hashable {
  /// In one piece, uncompressed.
  case contiguous
  /// In chunks of so many rows of axis 0, byte-shuffled and deflated; level 0 is uncompressed.
  ///
  /// More rows than there are mean one chunk. Scalars and empty datasets are stored contiguously.
  case chunked(rows: Int, compression: Int)
}
