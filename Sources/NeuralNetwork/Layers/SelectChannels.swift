package import Tensors

/// Some of the channels, in an order of their own: BGR of RGB, or one channel alone.
///
/// Output channel `i` is input channel `channels[i]`. Keras says this with operations such as
/// `x[..., ::-1]`.
package struct SelectChannels: Layer, Hashable {
  /// Each at most once.
  package let channels: [Int]

  package init(_ channels: [Int]) { self.channels = channels }

  package var kerasClass: String { "GetItem" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, !channels.isEmpty, Set(channels).count == channels.count,
      channels.allSatisfy({ (0..<inputs[0].channels).contains($0) })
    else { return nil }
    return ImageShape(
      height: inputs[0].height, width: inputs[0].width, channels: channels.count)
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let (output, input, total) = (try site.makeOutput(), site.input, site.inputShape.channels)
    site.builder.addForward {
      LayerKernels.select(channels, of: total, from: input, to: output)
    }
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard site.wantsGradient[0] else { return [nil] }
      let inputGradient = try site.makeInputGradient()
      site.builder.addBackward {
        LayerKernels.unselect(channels, of: total, from: outputGradient, to: inputGradient)
      }
      return [inputGradient]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let (output, input, total) = (try site.makeOutput(), site.input, site.inputShape.channels)
    site.builder.addForward {
      LayerKernels.select(channels, of: total, from: input, to: output)
    }
    return output
  }
}
