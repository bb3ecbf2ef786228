/// A slot of a layer, or of a layer inside a model that is a layer.
struct LegacyPlace {
  /// Names from the outermost layer to that of the slot.
  let path: [String]
  let slot: TensorSlot
  let isTrainable: Bool
  /// The path cut at the slashes, which names of layers may contain themselves.
  private let parts: [Substring]

  init(path: [String], slot: TensorSlot, isTrainable: Bool) {
    (self.path, self.slot, self.isTrainable) = (path, slot, isTrainable)
    parts = path.flatMap { $0.split(separator: "/") }
  }

  var name: String { path.joined(separator: "/") }

  /// The last part of the name of the slot's layer.
  var layer: Substring { parts.last ?? "" }

  /// How many parts at the end of the path equal those at the end of a list.
  func commonEnd(with list: [Substring]) -> Int {
    zip(list.reversed(), parts.reversed()).prefix { $0 == $1 }.count
  }

  /// The places in Keras' own order: what is trained first, then the rest.
  static func inStoredOrder(_ places: [LegacyPlace]) -> [LegacyPlace] {
    places.filter { $0.isTrainable && $0.slot.isWeight }
      + places.filter { !($0.isTrainable && $0.slot.isWeight) }
  }
}

/// The name of a tensor, such as `block1_conv1/kernel:0`, `proj/dense/bias` or `conv1_W_1:0`.
struct StoredName {
  /// The names before the last one.
  private let scopes: [Substring]
  private let last: String

  init(_ name: String) {
    let parts = name.split(separator: "/")
    scopes = Array(parts.dropLast())
    let last = parts.last ?? ""
    self.last = String(last.lastIndex(of: ":").map { last[..<$0] } ?? last)
  }

  /// The last part of the name of the tensor's layer; empty if the name has no layer.
  var layer: Substring { scopes.last ?? "" }

  /// How many names at the end are those at the end of a place's path; `nil` if the tensor does not
  /// belong to this place.
  ///
  /// - Parameter isInModel: whether the place is one of several layers, so that the tensor's name
  ///   must include the name of the layer.
  func likeness(to place: LegacyPlace, isInModel: Bool) -> Int? {
    guard isOf(place.slot.names) else { return nil }
    let common = place.commonEnd(with: scopes)
    let own = isInModel ? place.path.last?.split(separator: "/").count ?? 0 : 0
    return common >= own ? common : nil
  }

  /// Whether nothing in the name contradicts a place.
  func mayBe(_ place: LegacyPlace) -> Bool {
    isOf(place.slot.names) || !StoredName.roles.contains(role)
  }

  private static let roles: Set = [
    "kernel", "depthwise_kernel", "pointwise_kernel", "bias", "gamma", "beta", "moving_mean",
    "moving_variance",
  ]

  /// The last name without a number that Keras 1 gave it.
  private var role: String {
    guard let bar = last.lastIndex(of: "_"), Int(last[last.index(after: bar)...]) != nil else {
      return last
    }
    return String(last[..<bar])
  }

  /// Whether the last part of the name is one of these roles, alone or after the layer's name.
  private func isOf(_ roles: [String]) -> Bool {
    let stem = role
    return roles.contains { role in
      last == role || stem == role || last.hasSuffix("_\(role)") || stem.hasSuffix("_\(role)")
    }
  }
}

/// Matches the tensors of a layer to places by how much their names have in common.
struct LegacyChoice {
  /// The place of each tensor; `nil` if no place matches it, or several do.
  private(set) var places: [Int?]
  /// Tensors without a place, with the free places that match each best.
  private(set) var undecided: [(tensor: Int, places: [Int])] = []

  /// - Parameter areOfModel: whether the places are those of several layers.
  init(of names: [StoredName], among all: [LegacyPlace], areOfModel: Bool) {
    places = Array(repeating: nil, count: names.count)
    let byLayer = Dictionary(grouping: all.indices) { areOfModel ? all[$0].layer : "" }
    let candidates = names.map { name in
      (byLayer[areOfModel ? name.layer : ""] ?? []).compactMap { place in
        name.likeness(to: all[place], isInModel: areOfModel).map { (place: place, likeness: $0) }
      }
    }
    var isFree = Array(repeating: true, count: all.count)
    /// The free places that match a tensor best.
    func best(_ tensor: Int) -> [(place: Int, likeness: Int)] {
      let free = candidates[tensor].filter { isFree[$0.place] }
      let most = free.map(\.likeness).max()
      return free.filter { $0.likeness == most }
    }
    // A tensor with a single best place takes it, the surest first; that may decide others.
    while true {
      let open = places.indices.filter { places[$0] == nil }
      let sure = open.compactMap { tensor -> (tensor: Int, place: Int, likeness: Int)? in
        let best = best(tensor)
        return best.count == 1 ? (tensor, best[0].place, best[0].likeness) : nil
      }
      guard let surest = sure.map(\.likeness).max() else { break }
      let chosen = sure.filter { $0.likeness == surest }
      var wasTaken = false
      for (place, rivals) in Dictionary(grouping: chosen, by: \.place) where rivals.count == 1 {
        places[rivals[0].tensor] = place
        isFree[place] = false
        wasTaken = true
      }
      // Several tensors compete for a place: none is certain.
      guard wasTaken else { break }
    }
    for tensor in places.indices where places[tensor] == nil {
      let best = best(tensor)
      if !best.isEmpty { undecided.append((tensor, best.map(\.place))) }
    }
  }
}
