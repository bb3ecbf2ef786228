/// All families of layers.
enum LayerFamilies {
  static var all: [any LayerFamily.Type] {
    [
      ConvolutionFamily.self, SeparableFamily.self, DenseFamily.self, BatchNormFamily.self,
      LayerNormFamily.self, InputScalingFamily.self, ActivationFamily.self, PoolingFamily.self,
      GlobalPoolingFamily.self, ShapeFamily.self, MergeFamily.self, DropoutFamily.self,
      TrainingOnlyFamily.self, LayerScaleFamily.self, ChannelFamily.self,
    ]
  }

  static func family(of className: String) -> (any LayerFamily.Type)? {
    all.first { $0.classes.contains(className) }
  }

  /// Generous upper limits, so that products of sizes cannot overflow.
  static let kernelSides = 1...256
  static let strides = 1...256
  static let channels = 1...65_536
}
