import COneDNN

extension Primitive {
  package static func relu(
    _ source: TensorBuffer, to destination: TensorBuffer
  ) throws(ComputeError) -> Primitive {
    try Primitive(onednn_relu_forward(source.handle, destination.handle), "ReLU forward")
  }

  package static func reluGradient(
    of destinationGradient: TensorBuffer, source: TensorBuffer, to sourceGradient: TensorBuffer
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_relu_backward(source.handle, destinationGradient.handle, sourceGradient.handle),
      "ReLU backward")
  }

  package static func sum(
    _ left: TensorBuffer, _ right: TensorBuffer, to destination: TensorBuffer,
    thenReLU: Bool = false
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_add(left.handle, right.handle, destination.handle, thenReLU ? 1 : 0), "addition")
  }
}
