import CHDF5

/// The elements that are read or written, with the only calls that pass memory of elements to the
/// library.
enum Elements {
  case dataset(Handle)
  /// The selected elements of a dataset, which fill the dataspace in memory.
  case selection(Handle, in: Handle, memory: Handle)
  case attribute(Handle)

  func read(_ memoryType: hid_t, into buffer: UnsafeMutableRawPointer) -> herr_t {
    switch self {
    case .dataset(let dataset):
      H5Dread(dataset.id, memoryType, ch5_all(), ch5_all(), ch5_default(), buffer)
    case .selection(let dataset, let space, let memory):
      H5Dread(dataset.id, memoryType, memory.id, space.id, ch5_default(), buffer)
    case .attribute(let attribute):
      H5Aread(attribute.id, memoryType, buffer)
    }
  }

  func write(_ memoryType: hid_t, from buffer: UnsafeRawPointer) -> herr_t {
    switch self {
    case .dataset(let dataset):
      H5Dwrite(dataset.id, memoryType, ch5_all(), ch5_all(), ch5_default(), buffer)
    case .selection(let dataset, let space, let memory):
      H5Dwrite(dataset.id, memoryType, memory.id, space.id, ch5_default(), buffer)
    case .attribute(let attribute):
      H5Awrite(attribute.id, memoryType, buffer)
    }
  }
}
