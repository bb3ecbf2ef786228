import HDF5
import ModelFiles
import Records
import Results
import TaskData

/// The kinds of files that commands read, recognized by the content of the file's root.
enum FileKind {
  case model, task, dataset, texts, results, race

  init(of path: String) throws {
    let attempt = "cannot inspect"
    let remedy =
      "Give a network from tlbench, Keras, PyTorch or transformers, labelled images or texts in "
      + "HDF5, or results."
    if ModelFile.isNotHDF5(path) {
      self = .model
      return
    }
    do {
      let root = try HDF5File.open(path, by: .guarded).root
      let attributes = root.attributes
      if try attributes.contains("format_version"), try root.contains("accuracy") {
        self = .results
      } else if try RaceFile.isRace(root) {
        self = .race
      } else if try ModelFile.isModel(root) {
        self = .model
      } else if try attributes.contains("digest") || attributes.contains("generator") {
        self = .task
      } else if try DatasetFile.holdsTokens(root) {
        self = .texts
      } else {
        self = .dataset
      }
    } catch let error as HDF5Error {
      throw Failure(reading: error, attempt: attempt, makeIt: remedy, layout: remedy)
    }
  }
}
