import Foundation
import HDF5
import Records

/// An opened model file: where its configuration and its tensors are.
struct ModelContent {
  let format: ModelFormat
  /// The HDF5 file with the tensors, kept open while they are read.
  private let file: HDF5File
  private let configuration: JSONValue?
  private let metadata: JSONValue?
  /// The loss that the model was compiled with; `nil` if the file does not say it.
  let loss: TrainingLoss?
  let rootAttributes: [String: String]

  private static let largestArchive = 1 << 32
  private static let largestText = 64 << 20

  init(_ path: String, by access: FileAccess) throws {
    if FileStart(path).isArchive {
      try self.init(archive: path, by: access)
    } else {
      try self.init(HDF5File.open(path, by: access))
    }
  }

  private init(archive path: String, by access: FileAccess) throws {
    let archive = try ZipArchive(path)
    guard archive.byteCount <= ModelContent.largestArchive else {
      throw ModelError("the archive is larger than 4 GiB")
    }
    guard archive.names.contains(ModelMember.configuration) else {
      throw ModelError(
        "the archive has no member '\(ModelMember.configuration)' of Keras and no "
          + "'\(TorchArchive.pickleName)' of PyTorch, only \(ModelError.list(archive.names))",
        remedy: "Save the model with Keras 3, as model.save('m.keras'), or its state dict with "
          + "PyTorch, as torch.save(model.state_dict(), 'm.pth').")
    }
    configuration = try ModelContent.parsed(
      archive.contents(of: ModelMember.configuration), ModelMember.configuration)
    let metadata =
      archive.names.contains(ModelMember.metadata)
      ? try ModelContent.parsed(
        archive.contents(of: ModelMember.metadata), ModelMember.metadata) : nil
    self.metadata = metadata?.object?[WrittenModel.noteAttribute]
    loss = TrainingLoss(configuration?.object?["compile_config"])
    file = try HDF5File.open(
      image: Array(archive.contents(of: ModelMember.weights)),
      named: "\(path):\(ModelMember.weights)", by: access)
    format =
      configuration.map(KerasHubModel.isRecognized) == true ? .kerasHubArchive : .kerasArchive
    let version = metadata?.object?["keras_version"]?.string
    rootAttributes = version.map { ["keras_version": $0] } ?? [:]
  }

  private init(_ file: HDF5File) throws {
    self.file = file
    let root = file.root
    let attributes = root.attributes
    let names = try attributes.names()
    var rootAttributes: [String: String] = [:]
    for name in ["keras_version", "backend"] where names.contains(name) {
      // Old files may have anything here; nothing depends on it.
      rootAttributes[name] = try? attributes.readString(name)
    }
    self.rootAttributes = rootAttributes
    func json(_ name: String) throws -> JSONValue? {
      guard names.contains(name) else { return nil }
      return try ModelContent.parsed(Data(attributes.readString(name).utf8), "@\(name)")
    }
    configuration = try json(WrittenModel.configurationAttribute)
    metadata = try json(WrittenModel.noteAttribute)
    // It is optional: what cannot be read is ignored.
    loss = TrainingLoss(try? json("training_config"))
    guard let format = try ModelContent.format(of: root) else {
      throw ModelError(
        "it is HDF5 but not a model: it has neither layers of Keras nor tensors with names of "
          + "PyTorch",
        remedy: "Give the file of a model, not of a dataset or results.")
    }
    self.format = format
  }

  /// The kind of model that an HDF5 file holds; `nil` if it does not hold a model.
  static func format(of root: HDF5Group) throws -> ModelFormat? {
    let names = try root.attributes.names()
    let children = try root.childNames()
    if children.contains("layers") {
      return try KerasHubNames.container(in: root) == nil ? .kerasWeights : .kerasHubWeights
    }
    if children.contains("model_weights") {
      return names.contains(WrittenModel.configurationAttribute)
        ? .kerasLegacy : .kerasLegacyWeights
    }
    if names.contains("layer_names") || names.contains("layer_names0") {
      return try TensorFlowNames.isRecognized(root) ? .tensorFlowEncoder : .kerasLegacyWeights
    }
    if children.contains("_layer_checkpoint_dependencies") {
      throw ModelError(
        "Keras 2.12 or 2.13 wrote it, in a layout of their own, which is not supported",
        remedy: "Load it with that version and save it with save_format='h5'.")
    }
    if try isSubclassed(root, children) { return .kerasWeights }
    return try StateDict.isRecognized(root) ? .torchStateDict : nil
  }

  /// Whether the root holds the weights of a subclassed Keras 3 model: a group `vars`, and groups
  /// named after the model's attributes that hold a group `vars` as well.
  private static func isSubclassed(_ root: HDF5Group, _ children: [String]) throws -> Bool {
    guard children.contains("vars") else { return false }
    return try children.contains { child in
      try child != "vars" && root.contains("\(child)/vars")
    }
  }

  private static func parsed(_ bytes: Data, _ place: String) throws(ModelError) -> JSONValue {
    guard bytes.count <= largestText else {
      throw ModelError(at: place, "it is larger than \(largestText >> 20) MiB")
    }
    do {
      return try JSONParser.parse(bytes)
    } catch {
      throw ModelError(at: place, "it is not valid JSON: \(error.reason) (byte \(error.offset))")
    }
  }

  var note: ModelNote { ModelNote(metadata) }

  /// The structure that the tensors of the file fill.
  func plan(_ options: ModelReadingOptions) throws -> ModelPlan {
    switch format {
    case .torchStateDict:
      return try ModelPlan(for: StateDict(file.root), beside: file.path, options: options)
    case .tensorFlowEncoder:
      let folder = ModelFolder.folder(of: file.path)
      return try ModelPlan(
        encoder: EncoderSettings(ModelPlan.configuration(in: folder).0),
        of: TensorFlowNames.read(file.root), options: options
      ).withSentenceModules(in: folder)
    case .kerasHubWeights, .kerasHubArchive:
      let (configuration, place) = try kerasHubConfiguration()
      do {
        let settings = try KerasHubModel(configuration).settings
        return try ModelPlan(
          encoder: settings, of: KerasHubNames.read(file.root, settings), options: options)
      } catch let error as ModelError where error.place == EncoderSettings.fileName {
        throw ModelError(at: place, error.reason, remedy: error.remedy)
      }
    default: break
    }
    if let configuration {
      var plan = try ModelPlan(
        configuration: configuration, kerasVersion: rootAttributes["keras_version"],
        options: options)
      if options.architecture != nil || options.graph != nil || options.structure != nil {
        plan.notes.append("the file has its own structure; the given one is not used")
      }
      return plan
    }
    if format == .kerasWeights, try !file.root.contains("layers") {
      let groups = try file.root.childNames().filter { $0 != "vars" }
      throw ModelError(
        "it holds weights alone and not the structure of the network, which is a program (a "
          + "subclassed Keras model, with the attributes \(ModelError.list(groups)))",
        remedy: "Build the same network in Keras from layers (Sequential or Functional), give it "
          + "the weights with new.set_weights(old.get_weights()), and save it with "
          + "new.save('m.keras').")
    }
    if let structure = options.structure {
      return try ModelPlan(
        structure, kerasVersion: rootAttributes["keras_version"], options: options)
    }
    if let graph = options.graph { return ModelPlan(graph: graph, name: "model") }
    guard let architecture = options.architecture else {
      let known = NamedArchitecture.allCases.map(\.rawValue).joined(separator: ", ")
      throw ModelError(
        "it holds weights alone and not the structure of the network",
        remedy: "Name the network with `structure` (\(known)), or the JSON file of Keras' "
          + "model.to_json(); or save the whole model.")
    }
    return try architecture.plan(fitting: shapes(), inputShape: options.inputShape)
  }

  /// The configuration of a model of KerasHub, in its archive or beside its weights.
  private func kerasHubConfiguration() throws(ModelError) -> (JSONValue, name: String) {
    if format == .kerasHubArchive, let configuration {
      return (configuration, ModelMember.configuration)
    }
    let suffix = ".weights.h5"
    let name = String(file.path.split(separator: "/").last ?? "")
    let names =
      (name.hasSuffix(suffix) ? ["\(name.dropLast(suffix.count)).config.json"] : [])
      + [EncoderSettings.fileName]
    return try ModelPlan.configuration(
      in: ModelFolder.folder(of: file.path), named: names,
      for: "which class of KerasHub the network is, and what no tensor shows")
  }

  /// The shapes of the tensors of all layers, in order.
  private func shapes() throws -> [[Int]] {
    if format == .kerasLegacyWeights {
      return try LegacyLayout.storedLayers(in: weights).flatMap { $0.tensors.map(\.tensor.shape) }
    }
    return try file.root.group("layers").datasetPaths().map { try file.root.dataset($0).shape }
  }

  /// The group that holds the layers in the layout of Keras 2.
  private var weights: HDF5Group {
    get throws {
      try file.root.contains("model_weights") ? file.root.group("model_weights") : file.root
    }
  }

  /// Matches the tensors of the file to the slots of the plan.
  func match(_ plan: ModelPlan) throws -> TensorMatch {
    switch format {
    case .kerasLegacy, .kerasLegacyWeights:
      try LegacyLayout.match(plan, in: weights, file: file.root)
    case .kerasWeights, .kerasArchive: try KerasLayout.match(plan, in: file.root)
    case .torchStateDict, .safetensors, .torchCheckpoint:
      try StateDict(file.root).match(plan.layers, ignoring: plan.ignored)
    case .tensorFlowEncoder:
      try TensorFlowNames.read(file.root).tensors.match(plan.layers, ignoring: plan.ignored)
    case .kerasHubWeights, .kerasHubArchive:
      try KerasHubNames.read(
        file.root, KerasHubModel(kerasHubConfiguration().0).settings
      ).tensors.match(plan.layers, ignoring: plan.ignored)
    }
  }
}
