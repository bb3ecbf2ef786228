import Transfer

/// The program of the documentation, between the markers, so that it compiles.
func quickStart() throws -> (advice: Strategy, accuracy: Double, comparison: Int) {
  // quick start: begin
  let model = try PretrainedModel.load("Datasets/medium.weights.h5")
  let task = try TransferDataset.synthetic(.high)  // or .load("task.h5")
  let images = try task.train.balancedSubset(100)

  let manager = TransferLearningManager(model: model)
  let advice = try manager.recommendStrategy(datasetSize: images.count, taskSimilarity: .high)
  print(advice.strategy, advice.reasoning)

  var classifier = try FeatureExtractor(baseModel: model, classCount: task.classCount)
  let history = try classifier.train(on: images)
  print(history.epochs.count, try classifier.accuracy(on: task.test))

  let comparison = try manager.compareStrategies(on: images, test: task.test)
  for entry in comparison.entries { print(entry.strategy, entry.accuracy, entry.seconds) }
  // quick start: end
  return (advice.strategy, try classifier.accuracy(on: task.test), comparison.entries.count)
}

/// The second program of the documentation.
func freezingExample(images: LabeledImages, held: LabeledImages) throws -> TrainingHistory {
  // freezing: begin
  var model = try PretrainedModel.load("Datasets/medium.weights.h5")
  try model.freeze(.early)
  try model.freeze("block2_conv1", "block2_bn1")
  let edges = try model.extractFeatures(images.pixels, at: "block1_pool")
  print(edges.shape, try model.isFrozen("block2_conv1"))

  var tuner = try FineTuner(baseModel: model, classCount: images.classCount)
  try tuner.setLearningRate(5e-4, for: .late)
  try tuner.setLearningRate(1e-5, forLayer: "block2_conv2")
  tuner.techniques.labelSmoothing = 0.1
  tuner.techniques.earlyStopping = EarlyStopping(patience: 3)
  let history = try tuner.train(on: images, validation: held, epochs: 8)
  // freezing: end
  return history
}
