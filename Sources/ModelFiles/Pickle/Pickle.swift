/// What a pickle holds.
struct Pickle {
  /// The value that the pickle is of.
  var root = PickleValue.none
  /// The elements of all tuples.
  var tuples: [[PickleValue]] = []
  /// The items of all dictionaries.
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  /// The storages that tensors are views of, each as often as it is mentioned.
  var storages: [TorchStorage] = []
  var tensors: [TorchTensor] = []
}
