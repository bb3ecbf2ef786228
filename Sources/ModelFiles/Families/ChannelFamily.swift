import NeuralNetwork
import Records
import Tensors

/// Operations that reorder or select channels.
///
/// They are read from operations of Keras and written as a 1×1 convolution with a fixed kernel of
/// zeros and ones.
enum ChannelFamily: LayerFamily {
  static let classes: Set<String> = []

  static func plan(
    for layer: LayerConfiguration, _ inputs: [ValueShape]
  ) throws(ModelError) -> LayerPlan {
    throw layer.error("is not supported")
  }

  static func descriptions(
    of layer: any Layer, _ inputs: [ValueShape]
  ) throws(ModelError) -> [LayerDescription]? {
    guard let layer = layer as? SelectChannels, let input = inputs.first else { return nil }
    let (from, to) = (input.image.channels, layer.channels.count)
    var kernel = [Float](repeating: 0, count: from * to)
    for (place, channel) in layer.channels.enumerated() { kernel[channel * to + place] = 1 }
    let convolution = Conv2D(
      filters: to, kernelSize: Size2D(1), strides: Size2D(1), padding: .valid)
    return try ConvolutionFamily.descriptions(of: convolution, inputs)?.map { description in
      var description = description
      description.isTrainable = false
      description.trailing = [Tensor(shape: [1, 1, from, to], values: kernel)]
      return description
    }
  }
}

extension LayerConfiguration {
  /// The channels in the opposite order: `flip` of Keras 3, `reverse` of TensorFlow.
  func reversedChannels(_ inputs: [ValueShape]) throws(ModelError) -> SelectChannels {
    guard inputs.count == 1, let input = inputs.first, !input.isMatrix else {
      throw error("has \(inputs.count) inputs, or no axis for the channels")
    }
    var axes = options["axis"] ?? call.constant("axis")
    for case (nil, .constant(let value)) in call.arguments { axes = value }
    let axis = axes?.array?.first ?? axes
    guard axes?.array.map({ $0.count == 1 }) ?? true, let axis = axis?.integer,
      axis == -1 || axis == input.rank - 1
    else {
      throw error(
        "flips along \(axes.map(\.description) ?? "all axes"), but only flips of channels are read",
        remedy: LayerConfiguration.withoutOperation)
    }
    return SelectChannels(Array((0..<input.image.channels).reversed()))
  }

  /// The plan of a subscript of the channels, x[..., k] or x[..., start:stop:step].
  func item(_ inputs: [ValueShape]) throws(ModelError) -> LayerPlan {
    guard inputs.count == 1, let input = inputs.first else {
      throw error("has \(inputs.count) inputs")
    }
    var specification = call.constant("slice_spec")
    for case (nil, .constant(let value)) in call.arguments { specification = value }
    guard let parts = specification.flatMap({ AxisPart.parts(of: $0, rank: input.rank) }),
      parts.dropLast().allSatisfy(\.isWhole), let last = parts.last
    else { throw unreadItem(specification) }
    if last.isWhole { return .nothing() }
    guard !input.isMatrix else { throw unreadItem(specification) }
    let channels = input.image.channels
    switch last {
    case .index(let index):
      let channel = index < 0 ? index + channels : index
      guard (0..<channels).contains(channel), !input.isVector else {
        throw unreadItem(specification)
      }
      var plan = LayerPlan.single(SelectChannels([channel]))
      plan.yieldsMatrix = true
      return plan
    case .slice(let start, let stop, let step):
      let chosen = AxisPart.indices(start, stop, step, of: channels)
      guard !chosen.isEmpty else { throw unreadItem(specification) }
      return .single(SelectChannels(chosen))
    }
  }

  /// The channels of the given indices, in their order: `take` of Keras 3 along the last axis.
  func takenChannels(_ inputs: [ValueShape]) throws(ModelError) -> SelectChannels {
    guard inputs.count == 1, let input = inputs.first, !input.isMatrix else {
      throw error("has \(inputs.count) inputs, or no axis for the channels")
    }
    let axis = (options["axis"] ?? call.constant("axis"))?.integer
    let channels = input.image.channels
    var indices = call.constant("indices")
    for case (nil, .constant(let value)) in call.arguments { indices = value }
    let numbers = indices?.array?.map { $0.integer.map { $0 < 0 ? $0 + channels : $0 } } ?? []
    let chosen = numbers.compactMap { $0 }
    guard axis == -1 || axis == input.rank - 1, !chosen.isEmpty, chosen.count == numbers.count,
      Set(chosen).count == chosen.count, chosen.allSatisfy((0..<channels).contains)
    else {
      throw error(
        "takes \("\(indices ?? .null)".prefix(60)) along axis \(axis.map(String.init) ?? "?"), "
          + "but only different channels of the \(channels) along the last axis are read",
        remedy: LayerConfiguration.withoutOperation)
    }
    return SelectChannels(chosen)
  }

  private func unreadItem(_ specification: JSONValue?) -> ModelError {
    error(
      "takes the part \("\(specification ?? .null)".prefix(100)), but only parts of the channels "
        + "are read", remedy: LayerConfiguration.withoutOperation)
  }

  /// Stacks images without a channel axis as the channels of one image.
  func stacked(_ inputs: [ValueShape]) throws(ModelError) -> LayerPlan {
    let axis = (options["axis"] ?? call.constant("axis"))?.integer
    guard inputs.allSatisfy(\.isMatrix), axis == -1 || axis == 3 else {
      throw error(
        "stacks its inputs along axis \(axis.map(String.init) ?? "0"), but only single channels "
          + "along the last axis are read", remedy: LayerConfiguration.withoutOperation)
    }
    var plan = inputs.count == 1 ? LayerPlan.nothing() : .single(Concatenate())
    plan.yieldsVector = false
    return plan
  }
}

/// The part that is taken along one axis, as Python writes it between brackets.
private enum AxisPart {
  case index(Int)
  case slice(start: Int?, stop: Int?, step: Int)

  /// Whether the part is the whole axis, in its order.
  var isWhole: Bool {
    if case .slice(nil, nil, 1) = self { true } else { false }
  }

  /// The parts of all axes; `nil` if the value is anything else.
  static func parts(of value: JSONValue, rank: Int) -> [AxisPart]? {
    // Keras 2 marks tuples.
    let list = value.object?["items"]?.array ?? value.array ?? [value]
    var parts: [AxisPart] = []
    for (place, item) in list.enumerated() {
      if item.object?["class_name"]?.string == "__ellipsis__" {
        let others = list.count - 1
        guard parts.count == place, others <= rank else { return nil }
        parts += Array(repeating: .slice(start: nil, stop: nil, step: 1), count: rank - others)
        continue
      }
      if let index = item.integer {
        parts.append(.index(index))
        continue
      }
      guard let members = item.object?["config"]?.object ?? item.object,
        ["start", "stop", "step"].allSatisfy({ members[$0] != nil })
      else { return nil }
      let bounds = ["start", "stop", "step"].map { members[$0] ?? .null }
      guard bounds.allSatisfy({ $0.isNull || $0.integer != nil }), bounds[2].integer != 0 else {
        return nil
      }
      parts.append(
        .slice(start: bounds[0].integer, stop: bounds[1].integer, step: bounds[2].integer ?? 1))
    }
    guard parts.count <= rank else { return nil }
    parts += Array(
      repeating: .slice(start: nil, stop: nil, step: 1), count: rank - parts.count)
    return parts
  }

  /// Python's `range(*slice(start, stop, step).indices(count))`.
  static func indices(_ start: Int?, _ stop: Int?, _ step: Int, of count: Int) -> [Int] {
    let (lowest, highest) = step > 0 ? (0, count) : (-1, count - 1)
    func bound(_ value: Int?, else standard: Int) -> Int {
      guard let value else { return standard }
      return min(max(value < 0 ? value + count : value, lowest), highest)
    }
    let first = bound(start, else: step > 0 ? lowest : highest)
    let end = bound(stop, else: step > 0 ? highest : lowest)
    return Array(stride(from: first, to: end, by: step))
  }
}
