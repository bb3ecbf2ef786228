import NeuralNetwork
import Records
import Tensors
import Testing

/// Inputs and settings with which a layer cannot work.
struct LayerRefusalTests {
  private static let image = ImageShape(height: 4, width: 5, channels: 6)
  private static let vector = ImageShape(height: 1, width: 1, channels: 6)

  private static let refusals: [(any Layer, [ImageShape])] = [
    (Conv2D(filters: 4, kernelSize: 5, padding: .valid), [image]),
    (Conv2D(filters: 4, kernelSize: 3, groups: 4), [image]),
    (Conv2D(filters: 4, kernelSize: 3, groups: 3), [image]),
    (Conv2D(filters: 4, kernelSize: 3, groups: 0), [image]),
    (Conv2D(filters: 4, kernelSize: 0), [image]),
    (Conv2D(filters: 4, kernelSize: 3, strides: 0), [image]),
    (Conv2D(filters: 4, kernelSize: 3, padding: .valid, dilation: 3), [image]),
    (
      Conv2D(
        filters: 4, kernelSize: 3, padding: .explicit(top: -1, left: 0, bottom: 0, right: 0)),
      [image]
    ),
    (DepthwiseConv2D(kernelSize: 5, padding: .valid), [image]),
    (DepthwiseConv2D(kernelSize: 3, depthMultiplier: 0), [image]),
    (MaxPool2D(poolSize: 5, strides: 1), [image]),
    (
      MaxPool2D(
        poolSize: 2, strides: 1, padding: .explicit(top: 2, left: 0, bottom: 0, right: 0)),
      [image]
    ),
    (AveragePool2D(poolSize: 2, strides: 0), [image]),
    (ZeroPadding2D(top: -1, left: 0, bottom: 0, right: 0), [image]),
    (Reshape(to: ImageShape(height: 4, width: 5, channels: 5)), [image]),
    (Cropping2D(top: 2, left: 0, bottom: 2, right: 0), [image]),
    (Cropping2D(top: 0, left: 0, bottom: -1, right: 0), [image]),
    (Cropping2D(top: .max, left: 0, bottom: 1, right: 0), [image]),
    (LayerScale(), [image, image]), (SelectChannels([]), [image]), (SelectChannels([6]), [image]),
    (SelectChannels([1, 1]), [image]),
    (UpSampling2D(size: 0), [image]), (Rescaling(scale: [1, 2], offset: [0]), [image]),
    (Add(), [image]), (Add(), [image, ImageShape(height: 4, width: 5, channels: 3)]),
    (Multiply(), [image, ImageShape(height: 2, width: 1, channels: 6)]),
    (Concatenate(), [image, vector]), (Concatenate(), []),
    (Activation(.swish), [image, image]), (BatchNorm(), []), (LayerNorm(), [image, image]),
    (Dense(units: 3), [image]), (Dropout(rate: 1), [image]), (Dropout(rate: .nan), [image]),
    (Conv2D(filters: 4, kernelSize: Size2D(.max)), [image]),
    (Conv2D(filters: 4, kernelSize: 3, dilation: Size2D(.max)), [image]),
    (UpSampling2D(size: Size2D(.max)), [image]),
    (ZeroPadding2D(top: .max, left: 0, bottom: .max, right: 0), [image]),
    (DepthwiseConv2D(kernelSize: 3, depthMultiplier: .max), [image]),
    (Reshape(to: ImageShape(height: .max, width: .max, channels: 2)), [image]),
  ]

  /// Such a layer has no output shape, or an empty one, and cannot become part of a graph.
  @Test(arguments: refusals.indices)
  func refusal(index: Int) throws {
    let (layer, inputs) = Self.refusals[index]
    let shape = layer.outputShape(of: inputs)
    #expect(shape == nil || shape?.height == 0 || shape?.width == 0, "\(layer)")
    guard inputs == [Self.image] else { return }
    var graph = NetworkGraph(inputShape: Self.image)
    #expect(throws: NetworkError.self) { try graph.add("layer", layer, .middle) }
  }

  /// Sizes that no memory holds, as a damaged file may ask for, are errors and not overflows.
  @Test(
    arguments: [
      Conv2D(filters: .max, kernelSize: 3), Conv2D(filters: 1 << 28, kernelSize: 3),
      Conv2D(
        filters: 4, kernelSize: 4095,
        padding: .explicit(top: 1 << 24, left: 0, bottom: 0, right: 1 << 24)),
      UpSampling2D(size: 4096), ZeroPadding2D(top: 1 << 24, left: 1 << 24, bottom: 0, right: 0),
    ] as [any Layer])
  func absurdSizes(_ layer: any Layer) throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 30, width: 30, channels: 3))
    #expect(throws: NetworkError.self) { try graph.add("layer", layer, .middle) }
  }

  /// A vector per example is spread over height and width, whichever comes first.
  @Test func spreading() {
    #expect(Multiply().outputShape(of: [Self.vector, Self.image]) == Self.image)
    #expect(Add().outputShape(of: [Self.image, Self.vector, Self.image]) == Self.image)
  }
}
