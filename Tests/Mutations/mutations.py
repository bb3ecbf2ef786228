"""The breakages that check_mutations.py makes, each a mistake that users of other libraries met.

An edit replaces a text that occurs exactly once in its file. `tests` names the suites that must
notice, separated by `|`: so few are run that each mutation takes seconds.
"""

from dataclasses import dataclass

NETWORK = "Sources/NeuralNetwork"
TRANSFER = "Sources/Transfer"
TOKEN_KERNELS = "Sources/CKernels/Tokens"


@dataclass(frozen=True)
class Edit:
    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutation:
    name: str
    breaks: str
    tests: str
    edits: tuple


def mutation(name, breaks, tests, *edits):
    return Mutation(name, breaks, tests, tuple(Edit(*edit) for edit in edits))


FREEZING = [
    mutation(
        "frozen-statistics-move",
        "frozen batch normalizations use the batch's statistics and move their own",
        "FreezeTests",
        (f"{NETWORK}/Programs/TrainingProgram.swift",
         "usesBatchStatistics: scope.batchStatisticsLayers.contains(node.name)",
         "usesBatchStatistics: node.layer is BatchNorm")),
    mutation(
        "frozen-layers-in-training-mode",
        "the training scope counts frozen batch normalizations among those that move",
        "TrainerTests|FreezeTests",
        (f"{NETWORK}/Programs/TrainingScope.swift",
         "?? trainableLayers.intersection(graph.batchNormLayers)",
         "?? Set(graph.batchNormLayers)")),
    mutation(
        "optimizer-ignores-freezing",
        "the optimizer holds all layers: freezing has no effect on it",
        "FreezeTests",
        (f"{TRANSFER}/Training/PhaseRun.swift",
         "ParameterStore(\n      network: network, trainableLayers: phase.trainableLayers,",
         "ParameterStore(\n      network: network, trainableLayers: Set(graph.parameterLayers),")),
    mutation(
        "second-phase-freezes-again",
        "every phase trains the layers of the first one: unfreezing has no effect",
        "FreezeTests|TrainerTests",
        (f"{TRANSFER}/Training/Trainer.swift",
         "try PhaseRun(phase, of: job",
         "try PhaseRun(job.phases[0], of: job")),
    mutation(
        "second-phase-starts-over",
        "every phase begins with the weights from before the first one",
        "PhaseTests",
        (f"{TRANSFER}/Training/Trainer.swift",
         "network: before, images: images",
         "network: job.network, images: images")),
    mutation(
        "cache-outlives-unfreeze",
        "cached features of the frozen layers are kept after those were unfrozen and trained",
        "PhaseTests",
        (f"{TRANSFER}/Training/PhaseRun.swift",
         "prefix = try FrozenPrefix(\n      network,",
         "prefix = try FrozenPrefix(\n      job.network,")),
    mutation(
        "unknown-layer-accepted",
        "a layer name that does not exist is ignored by the engine",
        "TrainingScopeTests",
        (f"{NETWORK}/Programs/TrainingScope.swift",
         "named.subtracting(known).sorted().first",
         "named.subtracting(known).sorted().first(where: \\.isEmpty)")),
    mutation(
        "unknown-layer-accepted-by-model",
        "freezing a layer that does not exist is ignored",
        "LayerNameTests",
        (f"{TRANSFER}/Models/PretrainedModel+Freezing.swift",
         "{ !known.contains($0) }",
         "{ $0.isEmpty && !known.contains($0) }")),
]

RATES = [
    mutation(
        "group-rate-ignored",
        "every group is trained at the head's rate",
        "MeasurementTests",
        (f"{TRANSFER}/Training/TrainingJob.swift",
         "learningRates[layer.group]",
         "learningRates.head")),
    mutation(
        "layer-rate-ignored",
        "the rate of a single layer has no effect",
        "PhaseTests",
        (f"{TRANSFER}/Training/TrainingJob.swift",
         "layerRates[layer.name] ?? learningRates[layer.group]",
         "learningRates[layer.group]")),
    mutation(
        "clipping-per-tensor",
        "each tensor's gradient is clipped by its own norm",
        "TechniqueReferenceTests",
        (f"{NETWORK}/Optimization/Optimizer.swift",
         "VectorKernels.scale(gradient, by: Float(factor))",
         "VectorKernels.scale(gradient, by: Float(min(1, clippingNorm"
         " / (VectorKernels.sumOfSquares(gradient).squareRoot() + 1e-6))))")),
    mutation(
        "decay-of-everything",
        "weight decay shrinks biases and normalizations too",
        "OptimizerTests",
        (f"{NETWORK}/Optimization/Optimizer.swift",
         "Float(decays ? rate * step.weightDecay : 0)",
         "Float(rate * step.weightDecay)")),
    mutation(
        "penalty-towards-zero",
        "L2-SP pulls towards zero and not towards the pretrained weights",
        "TechniqueReferenceTests",
        (f"{NETWORK}/Optimization/Optimizer.swift",
         "towards: pull.anchor",
         "towards: nil")),
]

LOADING = [
    mutation(
        "weights-transposed",
        "dense kernels are read with their axes swapped",
        "WeightsFileTests",
        (f"{TRANSFER}/Models/WeightsFile.swift",
         "shape: specification.shape, values: values)",
         "shape: specification.shape, values: specification.shape.count == 2"
         " ? values.indices.map { values[($0 % specification.shape[1])"
         " * specification.shape[0] + $0 / specification.shape[1]] } : values)")),
    mutation(
        "half-the-tensors-loaded",
        "only the first half of the layer groups gets pretrained weights",
        "StrategyRunTests|MeasurementTests",
        (f"{TRANSFER}/Models/PretrainedModel.swift",
         "parameterLayers(in: groups.filter { $0 != .head })",
         "parameterLayers(in: Array(groups.prefix((groups.count + 1) / 2)))")),
    mutation(
        "head-not-new",
        "a pretrained head that fits is kept",
        "StrategyRunTests",
        (f"{TRANSFER}/Models/PretrainedModel.swift",
         "parameterLayers(in: groups.filter { $0 != .head })",
         "parameterLayers(in: groups + [.head])"),
        (f"{TRANSFER}/Models/PretrainedModel.swift",
         "network.parameters.filter { kept.contains($0.key.layer) })",
         "network.parameters.filter { old in kept.contains(old.key.layer) && ((try? "
         "graph(classes: classes, head: head))?.parameters.contains { $0.name == old.key && "
         "$0.specification.shape == old.value.shape } ?? false) })")),
    mutation(
        "folded-with-another-epsilon",
        "folding a batch normalization uses PyTorch's epsilon in place of the layer's",
        "InferenceProgramTests",
        (f"{NETWORK}/Programs/InferenceContext.swift",
         "($1 + layer.epsilon)",
         "($1 + 1e-5)")),
    mutation(
        "shared-gradient-overwritten",
        "a layer writes over a gradient that another layer still reads",
        "LayerReferenceTests",
        (f"{NETWORK}/Programs/ProgramBuilder.swift",
         "!sharedGradients.contains(ObjectIdentifier(gradient.root))",
         "true")),
    mutation(
        "values-lost-before-backward",
        "a normalization's input makes room before the backward pass reads it",
        "TrainingMemoryTests",
        (f"{NETWORK}/Layers/Normalization/BatchNorm.swift",
         "keeping: [context.input]",
         "keeping: []")),
    mutation(
        "moving-variance-unbiased",
        "the moving variance follows the sample variance in place of the population's",
        "LayerReferenceTests|MediumReferenceTests|TechniqueReferenceTests",
        (f"{NETWORK}/Layers/Normalization/BatchNorm.swift",
         "VectorKernels.movingAverage(variance, update: buffers.variance, keeping: momentum)",
         "VectorKernels.movingAverage(variance, update: buffers.variance, keeping: momentum)\n"
         "        let others = context.builder.batch * context.inputShape.height"
         " * context.inputShape.width - 1\n"
         "        VectorKernels.pull(\n"
         "          variance, weights: buffers.variance, towards: nil,\n"
         "          strength: (1 - momentum) / Float(max(others, 1)))")),
]

EXAMPLES = [
    mutation(
        "dropout-in-evaluation",
        "dropout drops values in inference too",
        "DropoutTests",
        (f"{NETWORK}/Layers/Activations/Dropout.swift",
         "throws -> TensorBuffer { context.input }",
         "throws -> TensorBuffer {\n"
         "    let (rate, input) = (rate, context.input)\n"
         "    let (output, mask) = (try context.makeOutput(), try context.makeOutput())\n"
         "    context.builder.addForward {\n"
         "      var generator = CounterGenerator(seed: 1)\n"
         "      mask.withStorage { values in\n"
         "        for i in values.indices {\n"
         "          values[i] = generator.uniform() < rate ? 0 : 1 / (1 - rate)\n"
         "        }\n"
         "      }\n"
         "      VectorKernels.multiply(input, by: mask, to: output)\n"
         "    }\n"
         "    return output\n"
         "  }")),
    mutation(
        "last-batch-dropped",
        "examples that do not fill a batch are not trained on",
        "TrainerTests",
        (f"{TRANSFER}/Training/PhaseRun.swift",
         "stride(from: 0, to: order.count, by: batchSize)",
         "stride(from: 0, to: order.count / batchSize * batchSize, by: batchSize)")),
    mutation(
        "last-batch-counted-twice",
        "the last batch is filled up with examples that were in an earlier one",
        "TrainerTests",
        (f"{TRANSFER}/Training/PhaseRun.swift",
         "generator.shuffle(&order)",
         "generator.shuffle(&order)\n"
         "    order += order.prefix((batchSize - order.count % batchSize) % batchSize)")),
    mutation(
        "last-batch-not-evaluated",
        "evaluation leaves out the images that do not fill a batch",
        "EvaluatorTests",
        (f"{NETWORK}/Programs/InferenceProgram+Batches.swift",
         "stride(from: 0, to: rows.count, by: batch)",
         "stride(from: 0, to: rows.count / batch * batch, by: batch)")),
    mutation(
        "labels-shifted",
        "each image has the label of the next one",
        "TrainerTests",
        (f"{TRANSFER}/Training/PhaseRun.swift",
         "order.map { labels[$0] }",
         "order.map { labels[($0 + 1) % labels.count] }")),
]

CHOICES = [
    mutation(
        "validation-trained-on",
        "the labels that are held out to choose by are trained on as well",
        "HeldOutTests",
        (f"{TRANSFER}/Strategies/StrategyRun.swift",
         "(images.selecting(inner), images.selecting(held))",
         "(images, images.selecting(held))")),
    mutation(
        "test-set-chooses",
        "early stopping looks at the test set",
        "HeldOutTests",
        (f"{TRANSFER}/Strategies/StrategyRun.swift",
         "try self.train(on: train, isCancelled: isCancelled)",
         "try self.train(on: train, validation: test, isCancelled: isCancelled)")),
    mutation(
        "best-epoch-not-restored",
        "early stopping keeps the weights of the last epoch",
        "HeldOutTests",
        (f"{TRANSFER}/Training/Trainer.swift", "        outcome.network = best.network\n", "")),
    mutation(
        "worst-epoch-restored",
        "early stopping and the choice of a rate take the lowest held-out accuracy",
        "EvaluationTests|HeldOutTests",
        (f"{TRANSFER}/Training/Evaluator.swift", "accuracy >", "accuracy <")),
    mutation(
        "seed-depends-on-strategy",
        "strategies see other examples in another order, so that differences are not paired",
        "PairedDesignTests",
        ("Sources/Experiments/Runs/RunExecutor.swift",
         'ContentDigest.seed("cell", task.name, "\\(key.trainSize)")',
         'ContentDigest.seed("cell", task.name, "\\(key.trainSize)", key.arm.name)')),
]

LAYERS = [
    mutation(
        "memory-reused-too-early",
        "activations share memory with others that are still to be read",
        "BufferPlanTests|ActivationMemoryTests",
        (f"{NETWORK}/Programs/BufferPlan.swift",
         "where other.lifetime.overlaps(item.lifetime)",
         "where other.lifetime.contains(item.lifetime.upperBound)")),
    mutation(
        "same-padding-first",
        "the odd row and column of same padding come first, as in other frameworks",
        "WindowTests",
        ("Sources/Tensors/Engine/Window.swift",
         "top: vertical / 2, left: horizontal / 2, bottom: vertical - vertical / 2,",
         "top: vertical - vertical / 2, left: horizontal / 2, bottom: vertical / 2,")),
    mutation(
        "folded-without-center",
        "folding a batch normalization into a convolution forgets beta",
        "InferenceProgramTests",
        (f"{NETWORK}/Programs/InferenceContext.swift",
         'layer.hasCenter ? statistic("beta") : mean.map { _ in 0 }',
         "mean.map { _ -> Float in 0 }")),
    mutation(
        "relu-without-maximum",
        "ReLU6 is taken for ReLU",
        "KerasLayerTests",
        (f"{NETWORK}/Layers/Activations/Activation.swift",
         ".elementwise(.clip(lower: 0, upper: maximum))",
         ".elementwise(.clip(lower: 0, upper: maximum * 100))")),
    mutation(
        "dropout-per-value",
        "stochastic depth drops single values",
        "DropoutTests",
        (f"{NETWORK}/Layers/Activations/Dropout.swift",
         "perExample ? context.inputShape.count : 1",
         "1")),
]

TOKENS = [
    mutation(
        "padding-attended-to",
        "texts attend to the padding after them",
        "EncoderTests",
        (f"{TOKEN_KERNELS}/attention_kernels.c",
         "while (length > 0 && tokens[(length - 1) * fields + mask_field] == 0) length--;",
         "(void)tokens;"),
        (f"{TOKEN_KERNELS}/attention_kernels.c",
         "penalties[j] = tokens[j * fields + mask_field] != 0 ? 0 : masked;",
         "penalties[j] = 0;")),
    mutation(
        "padding-in-the-mean",
        "the mean over a text is divided by the number of its places, padding included",
        "EncoderTests",
        (f"{TOKEN_KERNELS}/token_kernels.c",
         "count += is_token(tokens, place) ? 1 : 0;",
         "count++;")),
    mutation(
        "positions-shifted",
        "each token has the position of the next one",
        "EncoderTests",
        (f"{TOKEN_KERNELS}/token_kernels.c",
         "return place < tables.places ? place : tables.places - 1;",
         "return (place + 1) % tables.places;")),
    mutation(
        "positions-not-after-padding",
        "positions that begin after the id of padding begin at it",
        "EncoderTests",
        (f"{TOKEN_KERNELS}/token_kernels.c",
         "row = first + ++*counted;",
         "row = first + (*counted)++;")),
]

KERNELS = [
    mutation(
        "kernel-prepared-once",
        "the kernel of a convolution is prepared in the first step, and kept while it is trained",
        "ConvolutionInferenceTests",
        ("Sources/COneDNN/convolution_kernels.cpp",
         "    const size_t prepared_bytes = whole_lines(bytes);\n    const auto call",
         "    const size_t prepared_bytes = whole_lines(bytes);\n"
         "    void *kept = operation.own(bytes);\n"
         "    const auto is_prepared = std::make_shared<bool>(false);\n"
         "    const auto call"),
        ("Sources/COneDNN/convolution_kernels.cpp",
         "      auto *prepared = static_cast<char *>(memory.own);\n"
         "      conv3_prepare(shape, pass, {0, parts}, prepared, weights.floats());\n"
         "      function(images, prepared, prepared + prepared_bytes);",
         "      if (!*is_prepared)\n"
         "        conv3_prepare(shape, pass, {0, parts}, kept, weights.floats());\n"
         "      *is_prepared = true;\n"
         "      function(images, kept, static_cast<char *>(memory.own) + prepared_bytes);")),
]

ALL = FREEZING + RATES + LOADING + EXAMPLES + CHOICES + LAYERS + TOKENS + KERNELS
