package import Tensors

/// The sum of a row for each token's id, place and type.
///
/// Input `[batch, 1, length, 3]`: for each place its id, whether it holds a token, and its type, as
/// whole numbers; output `[batch, 1, length, width]`. Tables: `word_embeddings` `[vocabulary,
/// width]`, `position_embeddings` `[places, width]` and `token_type_embeddings` `[types, width]`.
/// BERT: Devlin, Chang, Lee and Toutanova 2019.
package struct TokenEmbedding: Layer, Hashable {
  /// How the row of a place is found.
  package enum Places: Sendable, Hashable {
    /// The network has no table of places.
    case none
    /// From 0 at the beginning of the sequence.
    case counted(rows: Int)
    /// From the id of padding + 1 at the first place with another id, as RoBERTa counts; places of
    /// padding have the row of its id.
    case afterPadding(id: Int, rows: Int)

    package var rows: Int {
      switch self {
      case .none: 0
      case .counted(let rows), .afterPadding(_, let rows): rows
      }
    }
  }

  package let vocabulary: Int
  package let width: Int
  package let places: Places
  /// The number of types of tokens; 0 without a table of types.
  package let types: Int
  /// The id that stands for padding; `nil` if it is not known.
  package let padding: Int?

  package init(vocabulary: Int, width: Int, places: Places, types: Int, padding: Int?) {
    self.vocabulary = vocabulary
    self.width = width
    self.places = places
    self.types = types
    self.padding = padding
  }

  /// The numbers of a place in the input: id, whether it holds a token, type.
  package static let fields = 3

  /// The most places of a sequence; `nil` if there is no limit.
  package var largestLength: Int? {
    switch places {
    case .none: nil
    case .counted(let rows): rows
    case .afterPadding(let id, let rows): rows - id - 1
    }
  }

  package var kerasClass: String { "Embedding" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, inputs[0].height == 1, inputs[0].channels == Self.fields,
      inputs[0].width <= largestLength ?? .max, vocabulary > 0, types >= 0
    else { return nil }
    return ImageShape(height: 1, width: inputs[0].width, channels: width)
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    [
      (Role.words, vocabulary), (Role.places, places.rows), (Role.types, types),
    ].filter { $0.1 > 0 }.map { role, rows in
      ParameterSpecification(role, shape: [rows, width], startingAt: .normal(deviation: 0.02))
    }
  }

  /// The names of the tables.
  package enum Role {
    package static let words = "word_embeddings"
    package static let places = "position_embeddings"
    package static let types = "token_type_embeddings"
  }

  private var tables: TokenKernels.Tables {
    var countedWithout: Int?
    if case .afterPadding(let id, _) = places { countedWithout = id }
    return TokenKernels.Tables(
      words: vocabulary, places: places.rows, types: types, countedWithout: countedWithout)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    func entry(_ role: String, _ rows: Int) throws -> ParameterStore.Entry? {
      rows > 0 ? try context.vectorParameter(role, count: rows * self.width) : nil
    }
    let words = try entry(Role.words, vocabulary)
    let places = try entry(Role.places, places.rows)
    let types = try entry(Role.types, types)
    let values = TokenKernels.TableBuffers(
      words: words?.value, places: places?.value, types: types?.value)
    let (output, input) = (try context.makeOutput(), context.input)
    let (length, width, tables) = (context.inputShape.width, width, tables)
    context.builder.addForward {
      TokenKernels.embed(input, length: length, width: width, tables, values, to: output)
    }
    return CompiledLayer(output: output, keeping: [input]) { outputGradient in
      let gradients = TokenKernels.TableBuffers(
        words: words?.gradient, places: places?.gradient, types: types?.gradient)
      context.builder.addBackward {
        TokenKernels.embedGradient(
          of: outputGradient, tokens: input, length: length, width: width, tables, to: gradients)
      }
      return [nil]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    func table(_ role: String, _ rows: Int) throws -> TensorBuffer? {
      rows > 0 ? try context.vector(context.values(role)) : nil
    }
    let values = TokenKernels.TableBuffers(
      words: try table(Role.words, vocabulary), places: try table(Role.places, places.rows),
      types: try table(Role.types, types))
    let (output, input) = (try context.makeOutput(), context.input)
    let (length, width, tables) = (context.inputShape.width, width, tables)
    context.builder.addForward {
      TokenKernels.embed(input, length: length, width: width, tables, values, to: output)
    }
    return output
  }
}
