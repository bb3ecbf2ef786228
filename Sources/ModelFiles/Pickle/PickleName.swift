/// The objects of Python that a pickle may refer to by name.
enum PickleName {
  /// `collections.OrderedDict`.
  case orderedDictionary
  /// The functions of PyTorch that make a tensor of a storage, and a parameter of a tensor.
  case makeTensor, makeParameter
  /// A type of storages.
  case storage(ElementType)
  /// The type of a tensor's elements, such as `torch.float32`.
  case type

  /// The object of this name; `nil` for every other one, which could run any program.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .makeTensor
    case ("torch._utils", "_rebuild_parameter"): self = .makeParameter
    case ("torch", _):
      if let type = PickleName.storages[name] {
        self = .storage(type)
      } else if PickleName.types.contains(name) {
        self = .type
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let storages: [String: ElementType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
    "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
    "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .boolean,
  ]
  private static let types: Set = [
    "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
  ]
}
