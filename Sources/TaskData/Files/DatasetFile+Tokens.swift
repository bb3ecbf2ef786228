package import HDF5
import Records
import Tensors

/// Sets of texts as token ids.
///
/// Ids are `[count, length]` under the name input_ids, token_ids, ids or tokens, or that of images;
/// which places hold a token is `[count, length]` under attention_mask, padding_mask, input_mask or
/// mask, or the number of tokens `[count]` under length or lengths; types are under token_type_ids
/// or segment_ids.
extension DatasetFile {
  /// Whether a file holds token ids under a name of their own.
  package static func holdsTokens(_ root: HDF5Group) throws -> Bool {
    do {
      return try DatasetKeys(root, labels: root, options: DatasetOptions()).hasTokenIDs
    } catch let error as HDF5Error {
      throw failure(error)
    }
  }

  /// The number of places of a text is rounded up to a multiple of this.
  private static let places = 8

  /// The parts of a set of texts, of one length.
  static func readTokens(
    _ keys: DatasetKeys, _ input: TokenInput, _ options: DatasetOptions,
    labels: (DatasetKeys.Part, _ count: Int) throws -> (labels: [Int32], classNames: [String])?
  ) throws -> TokenParts {
    try refuseImageOptions(options)
    var stored: [(part: DatasetKeys.Part, tokens: StoredTokens)] = []
    for part in DatasetKeys.Part.allCases {
      let x = try part == .train ? keys.required(.tokens) : keys.dataset(.tokens, of: part)
      guard let x else { continue }
      stored.append((part, try StoredTokens(keys, x, part: part, input)))
    }
    var notes = stored[0].tokens.notes
    let used = stored.map(\.tokens.usedPlaces)
    var places = (used.map(\.lowerBound).min() ?? 0)..<(used.map(\.upperBound).max() ?? 0)
    let isLeftPadded = stored.contains { $0.tokens.isLeftPadded }
    if let limit = options.maxLength, places.count > limit {
      let kept =
        isLeftPadded
        ? places.upperBound - limit..<places.upperBound
        : places.lowerBound..<places.lowerBound + limit
      let cut = stored.reduce(0) { $0 + $1.tokens.cutCount(kept) }
      notes.append("\(cut) \(cut == 1 ? "text is" : "texts are") cut to \(limit) places.")
      places = kept
    }
    if let largest = input.length ?? input.largestLength, places.count > largest {
      throw Failure(
        .badData, TaskFile.attempt, on: stored[0].tokens.place,
        because: "its longest text has \(places.count) tokens, but the network takes \(largest)",
        remedy: "Give `maxLength` = \(largest) to use the first tokens of each text.")
    }
    let rounded = (places.count + Self.places - 1) / Self.places * Self.places
    let length = input.length ?? min(rounded, input.largestLength ?? rounded)
    var parts = TokenParts(
      notes: notes,
      summary: TokenSummary(
        lengths: stored.flatMap(\.tokens.lengths),
        largestID: stored.map(\.tokens.largestID).max() ?? 0))
    for (part, tokens) in stored {
      guard let (labels, names) = try labels(part, tokens.count) else {
        parts.notes.append("\(tokens.place) is not used: there are no labels for it.")
        continue
      }
      parts.sets[part] = LabeledImages(
        shape: ImageShape(height: 1, width: length, channels: 3),
        pixels: tokens.values(
          places, length: length, first: isLeftPadded ? length - places.count : 0,
          padding: input.padding ?? 0),
        labels: labels, classNames: names)
    }
    return parts
  }

  private static func refuseImageOptions(_ options: DatasetOptions) throws(Failure) {
    let unfit = [
      ("`resize`", options.resize != nil), ("`channels`", options.channels != nil),
      ("`preprocess`", options.preprocess != nil), ("`layout`", options.layout != .auto),
    ]
    guard let option = unfit.first(where: \.1)?.0 else { return }
    throw Failure(
      .usage, "cannot use", on: option, because: "the network reads tokens, not images",
      remedy: "Omit it.")
  }
}

/// The texts of all parts of a file.
struct TokenParts {
  var sets: [DatasetKeys.Part: LabeledImages] = [:]
  var notes: [String]
  let summary: TokenSummary
}
