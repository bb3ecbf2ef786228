/// A slot of a layer, or of a layer inside a model that is a layer.
struct LegacyPlace {
  /// Names from the outermost layer to that of the slot.
  let path: [String]
  let slot: TensorSlot
  let isTrainable: Bool
  /// The path cut at the slashes, which names of layers may have themselves.
  private let parts: [Substring]

  init(path: [String], slot: TensorSlot, isTrainable: Bool) {
    (self.path, self.slot, self.isTrainable) = (path, slot, isTrainable)
    parts = path.flatMap { $0.split(separator: "/") }
  }

  var name: String { path.joined(separator: "/") }

  /// The last part of the name of the slot's layer.
  var layer: Substring { parts.last ?? "" }

  /// How many parts at the end are those at the end of a list.
  func commonEnd(with list: [Substring]) -> Int {
    zip(list.reversed(), parts.reversed()).prefix { $0 == $1 }.count
  }

  /// Keras' own order: what is trained first, then the rest.
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

  /// The last part of the name of its layer, where it has one.
  var layer: Substring { scopes.last ?? "" }

  /// How many names in a row, the last ones, are those of a place's path; `nil` where the tensor is
  /// not of this place.
  ///
  /// - Parameter isInModel: Whether the place is one of several layers, so that the name of its own
  ///   layer must be there.
  func likeness(to place: LegacyPlace, isInModel: Bool) -> Int? {
    guard isOf(place.slot.names) else { return nil }
    let common = place.commonEnd(with: scopes)
    let own = isInModel ? place.path.last?.split(separator: "/").count ?? 0 : 0
    return common >= own ? common : nil
  }

  /// Whether nothing in the name speaks against a place.
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

  /// Whether the last part is one of these roles, alone or after the layer's name.
  private func isOf(_ roles: [String]) -> Bool {
    let stem = role
    return roles.contains { role in
      last == role || stem == role || last.hasSuffix("_\(role)") || stem.hasSuffix("_\(role)")
    }
  }
}

/// Which tensor of a layer fills which place, by how much their names have in common.
struct LegacyChoice {
  /// For each tensor its place; `nil` where no place is like it, or several are.
  private(set) var places: [Int?]
  /// Tensors that are as like to several places, which no other tensor takes.
  private(set) var undecided: [(tensor: Int, places: [Int])] = []

  /// - Parameter areOfModel: Whether the places are those of several layers.
  init(of names: [StoredName], among all: [LegacyPlace], areOfModel: Bool) {
    places = Array(repeating: nil, count: names.count)
    let byLayer = Dictionary(grouping: all.indices) { areOfModel ? all[$0].layer : "" }
    let candidates = names.map { name in
      (byLayer[areOfModel ? name.layer : ""] ?? []).compactMap { place in
        name.likeness(to: all[place], isInModel: areOfModel).map { (place: place, likeness: $0) }
      }
    }
    var isFree = Array(repeating: true, count: all.count)
    /// The free places that are most like a tensor.
    func best(_ tensor: Int) -> [(place: Int, likeness: Int)] {
      let free = candidates[tensor].filter { isFree[$0.place] }
      let most = free.map(\.likeness).max()
      return free.filter { $0.likeness == most }
    }
    // Whoever has one best place takes it, the surest first; that may decide others.
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
      // Two tensors for one place: neither is it for certain.
      guard wasTaken else { break }
    }
    for tensor in places.indices where places[tensor] == nil {
      let best = best(tensor)
      if !best.isEmpty { undecided.append((tensor, best.map(\.place))) }
    }
  }
}
