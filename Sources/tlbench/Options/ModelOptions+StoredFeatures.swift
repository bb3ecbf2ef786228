import HDF5
import Records
import TaskData
import Transfer

extension ModelOptions {
  /// Reads a network or, if none is given, makes one that passes on the features of a set.
  ///
  /// - Parameters:
  ///   - weights: the file or folder of the network; `nil` for a set of stored features.
  ///   - data: the labelled set.
  /// - Throws: `Failure` of kind `usage` if there is no network and the set has images or texts, or
  ///   an option describes a network.
  func read(
    _ weights: String?, groups: GroupOptions, for data: String, _ dataOptions: DataFileOptions,
    announce: (String) -> Void
  ) throws -> PretrainedModel.FromFile {
    if let weights { return try read(weights, groups: groups, announce: announce) }
    if let option = (given + groups.given).first {
      throw OptionValues.refused(
        option, "there is no network without --weights", "Leave it out, or give --weights.")
    }
    let count = try DatasetFile.featureCount(data, dataOptions.options(), by: .guarded)
    guard let count else {
      throw OptionValues.refused(
        "--data", "\(data) has no stored features [count, features], so that --weights is needed",
        "Give a pretrained network with --weights.")
    }
    announce("No network: heads on the \(count) stored features of each example are compared")
    return try PretrainedModel.ofStoredFeatures(count)
  }
}

extension OptionValues {
  /// Strategies for stored features: those that train nothing but a head.
  ///
  /// - Parameters:
  ///   - option: the option that names the strategies.
  ///   - given: the strategies.
  ///   - techniques: the options that were applied to them; `nil` if the command has none.
  /// - Throws: `Failure` of kind `usage` for a strategy that transfers or trains a network, and for
  ///   statistics of one.
  static func ofHeads(
    _ option: String, _ given: [Arm], techniques: TechniqueOptions? = nil
  ) throws -> [Arm] {
    if let policy = techniques?.batchNorm, try policy.value(of: "--batch-norm") == .frozen {
      throw refused(
        "--batch-norm",
        "'frozen' keeps the statistics of a network, and there is none without --weights",
        "Leave it out to standardize the features, or give 'inference' to take them as they are.")
    }
    let heads = Arm.forStoredFeatures(among: given)
    if let arm = given.first(where: { !heads.contains($0) }) {
      let known = Arm.onStoredFeatures.map(\.name).joined(separator: ", ")
      throw refused(
        option, "'\(arm.name)' trains or divides a network, and there is none without --weights",
        "Give --weights, or choose among \(known).")
    }
    return heads.map(\.standardizing)
  }
}
