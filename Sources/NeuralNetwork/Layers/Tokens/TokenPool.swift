package import Tensors

/// One vector from the places of a sequence that hold a token; padding is left out.
///
/// Inputs: a sequence `[batch, 1, length, width]` and the tokens (see ``TokenEmbedding``); output
/// `[batch, width]`.
package struct TokenPool: Layer, Hashable {
  package let kind: TokenKernels.Pool

  package init(_ kind: TokenKernels.Pool) { self.kind = kind }

  package var kerasClass: String { "TokenPooling" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 2, inputs[1].channels == TokenEmbedding.fields,
      inputs.allSatisfy({ $0.height == 1 && $0.width == inputs[1].width })
    else { return nil }
    return ImageShape(height: 1, width: 1, channels: inputs[0].channels)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let (source, tokens) = (context.inputs[0], context.inputs[1])
    let (output, shape, kind) = (try context.makeOutput(), context.inputShape, kind)
    context.builder.addForward {
      TokenKernels.pool(
        kind, source, tokens: tokens, length: shape.width, width: shape.channels, to: output)
    }
    let kept = kind == .maximum ? [source, tokens] : [tokens]
    return CompiledLayer(output: output, keeping: kept) { outputGradient in
      guard context.wantsGradient[0] else { return [nil, nil] }
      let inputGradient = try context.makeInputGradient()
      context.builder.addBackward {
        TokenKernels.poolGradient(
          kind, of: outputGradient, source: source, tokens: tokens, length: shape.width,
          width: shape.channels, to: inputGradient)
      }
      return [inputGradient, nil]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let (source, tokens) = (context.inputs[0], context.inputs[1])
    let (output, shape, kind) = (try context.makeOutput(), context.inputShape, kind)
    context.builder.addForward {
      TokenKernels.pool(
        kind, source, tokens: tokens, length: shape.width, width: shape.channels, to: output)
    }
    return output
  }
}
