/// A storage of PyTorch: elements of one type, of which tensors are views.
struct TorchStorage {
  /// The name of the storage's bytes in the archive.
  let key: String
  let type: ElementType
  /// The number of elements.
  let count: Int
}

/// A tensor of PyTorch: a view of a storage.
struct TorchTensor {
  let storage: TorchStorage
  /// The number of the storage's element that comes first in the tensor.
  let offset: Int
  let shape: [Int]
  /// How many elements of the storage lie between neighbours along each axis.
  let strides: [Int]
  /// The number of elements.
  let count: Int
  /// How many elements of the storage the tensor reaches over.
  let reach: Int

  private static let (mostAxes, mostElements) = (8, 1 << 48)

  /// A tensor all of whose elements are in the storage; `nil` if they are not.
  init?(_ storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]) {
    guard shape.count == strides.count, shape.count <= TorchTensor.mostAxes, offset >= 0,
      shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 })
    else { return nil }
    (self.storage, self.offset, self.shape, self.strides) = (storage, offset, shape, strides)
    guard !shape.contains(0) else {
      (count, reach) = (0, 0)
      return
    }
    var (elements, last) = (1, 0)
    for (length, stride) in zip(shape, strides) {
      let product = elements.multipliedReportingOverflow(by: length)
      let step = stride.multipliedReportingOverflow(by: length - 1)
      let sum = last.addingReportingOverflow(step.partialValue)
      guard !product.overflow, !step.overflow, !sum.overflow else { return nil }
      (elements, last) = (product.partialValue, sum.partialValue)
    }
    guard elements <= TorchTensor.mostElements, offset < storage.count,
      last < storage.count - offset
    else { return nil }
    (count, reach) = (elements, last + 1)
  }

  /// The elements in the order of the tensor, of those that it reaches over.
  func ordered(_ values: [Float]) -> [Float] {
    guard !isContiguous else { return values }
    var result: [Float] = []
    result.reserveCapacity(count)
    // The last axis is the innermost loop; the other axes count like the digits of a number.
    let (width, step) = (shape.last ?? 1, strides.last ?? 1)
    var places = [Int](repeating: 0, count: max(0, shape.count - 1))
    for _ in 0..<count / width {
      var source = zip(places, strides).reduce(0) { $0 + $1.0 * $1.1 }
      for _ in 0..<width {
        result.append(values[source])
        source &+= step  // The last step may lead anywhere.
      }
      for axis in places.indices.reversed() {
        places[axis] += 1
        guard places[axis] == shape[axis] else { break }
        places[axis] = 0
      }
    }
    return result
  }

  /// Whether the elements follow one another in the storage.
  private var isContiguous: Bool {
    var stride = 1
    for axis in shape.indices.reversed() where shape[axis] > 1 {
      guard strides[axis] == stride else { return false }
      stride *= shape[axis]
    }
    return true
  }
}
