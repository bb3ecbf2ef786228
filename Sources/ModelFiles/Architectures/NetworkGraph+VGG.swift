import Records
import NeuralNetwork
import Tensors

extension NetworkGraph {
  /// Simonyan and Zisserman 2015, as `keras.applications.VGG16` and `VGG19`.
  static func vgg(
    _ inputShape: ImageShape, convolutions: [Int], classes: Int?
  ) throws(NetworkError) -> NetworkGraph {
    var graph = NetworkGraph(inputShape: inputShape)
    let widths = [64, 128, 256, 512, 512]
    for (block, count) in convolutions.enumerated() {
      for index in 1...count {
        let name = "block\(block + 1)_conv\(index)"
        try graph.add(
          name, Conv2D(filters: widths[block], kernelSize: Size2D(3), hasBias: true), .late)
        try graph.add("\(name)/relu", ReLU(), .late)
      }
      try graph.add(
        "block\(block + 1)_pool", MaxPool2D(poolSize: Size2D(2), strides: Size2D(2)), .late)
    }
    guard let classes else { return graph }
    try graph.add("flatten", Flatten(), .late)
    for name in ["fc1", "fc2"] {
      try graph.add(name, Dense(units: 4_096), .late)
      try graph.add("\(name)/relu", ReLU(), .late)
    }
    try graph.add("predictions", Dense(units: classes), .late)
    return graph
  }
}
