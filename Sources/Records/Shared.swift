/// A large value that copies of its owner share in memory until one of them replaces it.
///
/// Results name their strategies many times, so that copies of a strategy have to be small. Two
/// shared values are equal if the values are.
struct Shared<Value: Sendable & Hashable>: Sendable {
  private final class Storage: Sendable {
    let value: Value

    init(_ value: Value) { self.value = value }
  }

  private var storage: Storage

  init(_ value: Value) { storage = Storage(value) }

  var value: Value {
    get { storage.value }
    set { storage = Storage(newValue) }
  }
}

extension Shared: Hashable {
  static func == (left: Shared, right: Shared) -> Bool {
    left.storage === right.storage || left.storage.value == right.storage.value
  }

  func hash(into hasher: inout Hasher) { hasher.combine(storage.value) }
}
