import Records
import TaskData
import Transfer

extension DataFileOptions {
  /// Reads a labelled set for a network and tells what was decided on the way.
  ///
  /// - Throws: `Failure` where it cannot be read, or has images that the network does not take.
  func read(
    _ path: String, for model: PretrainedModel, announce: (String) -> Void
  ) throws -> LabeledDataset {
    var options = try options()
    let shape = model.inputShape
    // Grey images become colour images where the network takes those.
    if options.channels == nil, shape.channels == 3 { options.channels = 3 }
    let dataset = try DatasetFile.read(path, options, by: .guarded, memory: memory())
    for note in dataset.notes { announce("\(path): \(note)") }
    let train = dataset.train
    announce("\(path): \(train.count) images of \(train.shape) in \(train.classCount) classes")
    guard train.shape == shape else {
      throw Failure(
        .badData, "cannot use the dataset", on: path,
        because: "its images are \(train.shape), the network takes \(shape)",
        remedy: "Give --resize \(shape.height)x\(shape.width), --channels, or another "
          + "--input-shape of the network.")
    }
    return dataset
  }
}
