package import Tensors

/// Rows and columns of zeros around an image, as Keras' `ZeroPadding2D`.
package struct ZeroPadding2D: Layer, Hashable {
  package let top: Int
  package let left: Int
  package let bottom: Int
  package let right: Int

  package init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  package var kerasClass: String { "ZeroPadding2D" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    let padding = Padding.explicit(top: top, left: left, bottom: bottom, right: right)
    guard inputs.count == 1, padding.isValid else { return nil }
    return ImageShape(
      height: inputs[0].height + top + bottom, width: inputs[0].width + left + right,
      channels: inputs[0].channels)
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let (output, input) = (try site.makeOutput(), site.input)
    let (inner, outer) = (site.inputShape, site.node.outputShape)
    site.builder.addForward {
      LayerKernels.pad(input, inner, top: top, left: left, to: output, outer)
    }
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard site.wantsGradient[0] else { return [nil] }
      let inputGradient = try site.makeInputGradient()
      site.builder.addBackward {
        LayerKernels.crop(outputGradient, outer, top: top, left: left, to: inputGradient, inner)
      }
      return [inputGradient]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let (output, input) = (try site.makeOutput(), site.input)
    let (inner, outer) = (site.inputShape, site.node.outputShape)
    site.builder.addForward {
      LayerKernels.pad(input, inner, top: top, left: left, to: output, outer)
    }
    return output
  }
}
