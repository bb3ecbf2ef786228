import Foundation

/// Reads the pickle of a state dict: the instructions of Python's pickles that tensors,
/// dictionaries and plain values consist of, and no others.
///
/// Nothing is called and no object of Python is made. A pickle that names another object than
/// ``PickleName`` has is refused with that name. Time and memory are in proportion to the length of
/// the pickle.
///
/// Sources: `pickletools` of Python's standard library, `torch.serialization` and `torch._utils`.
struct PickleMachine {
  private var input: PickleBytes
  private var stack = PickleStack()
  private var pickle = Pickle()

  private static let protocols = 2...5
  /// The most bytes of a key that may be the name of a tensor.
  private static let longestName = 500

  /// Reads a pickle.
  ///
  /// - Parameter remedy: what to do about a pickle that holds more than tensors.
  /// - Throws: `ModelError` that names what is refused and the byte before which it is.
  static func read(_ data: Data, remedy: String) throws(ModelError) -> Pickle {
    var machine = PickleMachine(input: PickleBytes(data))
    do throws(PickleProblem) {
      return try machine.run()
    } catch {
      throw ModelError(
        at: TorchArchive.pickleName, "\(error.reason) (before byte \(machine.input.offset))",
        remedy: error.isForeign ? remedy : "The file is damaged, or torch.save did not write it.")
    }
  }

  private init(input: PickleBytes) { self.input = input }

  private mutating func run() throws(PickleProblem) -> Pickle {
    guard try operation() == .version else { throw PickleProblem("it does not begin as a pickle") }
    let version = try input.integer(bytes: 1)
    guard PickleMachine.protocols.contains(version) else {
      throw PickleProblem("it is a pickle of the protocol \(version); 2 to 5 are read")
    }
    while true {
      let next = try operation()
      guard next != .stop else { break }
      try execute(next)
    }
    guard let root = stack.onlyValue, input.isAtEnd else {
      throw PickleProblem("it does not end with one value")
    }
    pickle.root = root
    return pickle
  }

  private mutating func operation() throws(PickleProblem) -> PickleOperation {
    let code = try input.integer(bytes: 1)
    guard let operation = PickleOperation(rawValue: UInt8(code)) else {
      throw PickleProblem(
        "its instruction 0x\(String(code, radix: 16, uppercase: true)) makes no part of a tensor",
        isForeign: true)
    }
    return operation
  }

  private mutating func execute(_ operation: PickleOperation) throws(PickleProblem) {
    switch operation {
    case .version, .stop: throw PickleProblem("it begins twice")
    // Frames only say how much may be read ahead.
    case .frame: _ = try input.bytes(8)
    case .none: try stack.push(.none)
    case .yes: try stack.push(.boolean(true))
    case .no: try stack.push(.boolean(false))
    case .integer8: try stack.push(.integer(input.integer(bytes: 1)))
    case .integer16: try stack.push(.integer(input.integer(bytes: 2)))
    case .integer32:
      try stack.push(.integer(Int(Int32(truncatingIfNeeded: input.integer(bytes: 4)))))
    case .longInteger: try stack.push(longInteger())
    case .number:
      _ = try input.bytes(8)
      try stack.push(.other)
    case .text8: try stack.push(.text(input.text(lengthBytes: 1)))
    case .text32: try stack.push(.text(input.text(lengthBytes: 4)))
    case .text64: try stack.push(.text(input.text(lengthBytes: 8)))
    case .mark: try stack.mark()
    case .emptyTuple, .tuple, .tuple1, .tuple2, .tuple3: try makeTuple(operation)
    case .emptyList: try stack.push(.list)
    case .append, .appendAll: try append(operation)
    case .emptyDictionary: try makeDictionary()
    case .setItem: try setItems(stack.pop(2))
    case .setItems: try setItems(stack.popToMark())
    case .store8: try stack.store(at: input.integer(bytes: 1))
    case .store32: try stack.store(at: input.integer(bytes: 4))
    case .storeNext: try stack.store(at: nil)
    case .recall8: try stack.recall(input.integer(bytes: 1))
    case .recall32: try stack.recall(input.integer(bytes: 4))
    case .name: try makeName(module: input.line(), input.line())
    case .nameFromStack:
      let parts = try stack.pop(2)
      guard let module = parts[0].text, let name = parts[1].text else {
        throw PickleProblem("a name in it is not a text")
      }
      try makeName(module: module, name)
    case .storage: try makeStorage()
    case .call: try call()
    case .setState: try setState()
    }
  }
}

// MARK: Plain values

extension PickleMachine {
  /// An integer of a given number of bytes; no tensor needs one of more than eight.
  private mutating func longInteger() throws(PickleProblem) -> PickleValue {
    let bytes = try input.bytes(input.integer(bytes: 1))
    guard bytes.count <= 8 else { return .other }
    let isNegative = (bytes.last ?? 0) & 0x80 != 0
    return .integer(bytes.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) })
  }

  private mutating func makeTuple(_ operation: PickleOperation) throws(PickleProblem) {
    let elements: [PickleValue] =
      switch operation {
      case .emptyTuple: []
      case .tuple1: try stack.pop(1)
      case .tuple2: try stack.pop(2)
      case .tuple3: try stack.pop(3)
      default: try stack.popToMark()
      }
    try stack.push(.tuple(pickle.tuples.count))
    pickle.tuples.append(elements)
  }

  /// Takes the elements of a list, which nothing reads.
  private mutating func append(_ operation: PickleOperation) throws(PickleProblem) {
    _ = operation == .append ? try stack.pop(1) : try stack.popToMark()
    guard case .list? = stack.last else {
      throw PickleProblem("it appends to what is not a list")
    }
  }

  private mutating func makeDictionary() throws(PickleProblem) {
    try stack.push(.dictionary(pickle.dictionaries.count))
    pickle.dictionaries.append([])
  }

  private mutating func setItems(_ values: [PickleValue]) throws(PickleProblem) {
    guard case .dictionary(let index)? = stack.last, values.count.isMultiple(of: 2) else {
      throw PickleProblem("it sets items of what is not a dictionary")
    }
    for key in stride(from: 0, to: values.count, by: 2) {
      // A long text may be the key of many items, so that a copy for each would fill the memory.
      let isLong = (values[key].text?.utf8.count ?? 0) > PickleMachine.longestName
      pickle.dictionaries[index].append((isLong ? .other : values[key], values[key + 1]))
    }
  }

  private mutating func makeName(module: String, _ name: String) throws(PickleProblem) {
    guard let known = PickleName(module: module, name: name) else {
      throw PickleProblem(
        "it asks Python for '\(module).\(name)', which is no part of a tensor", isForeign: true)
    }
    try stack.push(.name(known))
  }
}

// MARK: Tensors

extension PickleMachine {
  /// Takes the identifier of a storage: a word, its type, its name in the archive, its device,
  /// which does not matter, and its length.
  private mutating func makeStorage() throws(PickleProblem) {
    guard case .tuple(let index) = try stack.pop(), case let parts = pickle.tuples[index],
      parts.count == 5, parts[0].text == "storage", case .name(.storage(let type)) = parts[1],
      let key = parts[2].text, parts[3].text != nil, let count = parts[4].integer, count >= 0
    else { throw PickleProblem("it refers to something that is not a storage of PyTorch") }
    try stack.push(.storage(pickle.storages.count))
    pickle.storages.append(TorchStorage(key: key, type: type, count: count))
  }

  private mutating func call() throws(PickleProblem) {
    guard case .tuple(let index) = try stack.pop(), case .name(let name) = try stack.pop() else {
      throw PickleProblem("it calls what is not a function")
    }
    let arguments = pickle.tuples[index]
    switch name {
    case .orderedDictionary where arguments.isEmpty: try makeDictionary()
    case .makeTensor:
      let tensor = try tensor(arguments)
      try stack.push(.tensor(pickle.tensors.count))
      pickle.tensors.append(tensor)
    case .makeParameter:
      guard arguments.count == 3, case .tensor = arguments[0] else {
        throw PickleProblem("a parameter in it is not a tensor")
      }
      try stack.push(arguments[0])
    default: throw PickleProblem("it calls what is not a function of tensors", isForeign: true)
    }
  }

  /// The tensor of the arguments of `_rebuild_tensor_v2`: the storage, the offset, the shape, the
  /// strides, whether it has a gradient, its hooks and, in some versions, whether its values are to
  /// be conjugated or negated.
  private func tensor(_ arguments: [PickleValue]) throws(PickleProblem) -> TorchTensor {
    guard (6...7).contains(arguments.count), case .storage(let index) = arguments[0],
      let offset = arguments[1].integer, let shape = integers(arguments[2]),
      let strides = integers(arguments[3]), arguments.count == 6 || isEmpty(arguments[6])
    else { throw PickleProblem("a tensor in it is not made as PyTorch makes tensors") }
    let storage = pickle.storages[index]
    guard let tensor = TorchTensor(storage, offset: offset, shape: shape, strides: strides) else {
      throw PickleProblem(
        "a tensor of the shape \(shape) with the strides \(strides) and the offset \(offset) does "
          + "not fit its storage of \(storage.count) elements")
    }
    return tensor
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let index) = value else { return nil }
    let integers = pickle.tuples[index].compactMap(\.integer)
    return integers.count == pickle.tuples[index].count ? integers : nil
  }

  private func isEmpty(_ value: PickleValue) -> Bool {
    switch value {
    case .none: true
    case .dictionary(let index): pickle.dictionaries[index].isEmpty
    default: false
    }
  }

  /// Takes the attributes of a state dict: the versions of its modules, which do not matter.
  private mutating func setState() throws(PickleProblem) {
    guard case .dictionary(let index) = try stack.pop(), case .dictionary? = stack.last,
      case let state = pickle.dictionaries[index], state.count <= 1,
      state.allSatisfy({ $0.key.text == "_metadata" })
    else {
      throw PickleProblem("it sets attributes of what is not a state dict", isForeign: true)
    }
  }
}
