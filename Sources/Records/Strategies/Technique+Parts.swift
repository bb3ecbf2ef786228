/// The parts of the network that are read and trained.
extension Technique {
  package static let headAfter = Technique(
    "head.after", \HeadDesign.after, in: { $0.head }, option: "head-after", value: "group",
    """
    Group of layers whose output the new head reads, early, middle or late: later layers are left \
    out, and maps are flattened (default: the last layers, whose maps are pooled).
    """, ignoredBy: [.fromScratch])

  package static let trainedParameters = Technique(
    "trainedParameters", \.trainedParameters, option: "train-only", value: "name",
    """
    Fine-tuning: parameters of the layers below the head that are trained, all, kernels (and \
    biases, but no normalizations), normalizations (scale and shift) or biases (default: \
    \(Techniques().trainedParameters.rawValue)).
    """, ignoredBy: [.featureExtraction, .fromScratch]
  ) {
    // A kernel with an addition is never trained itself.
    $0.expect(
      "all, normalizations or biases with additions to kernels",
      $0.value != .kernels || !$0.techniques.addsToKernels)
  }

  package static let lowRank = Technique(
    "lowRank", \.lowRank, option: "lora", value: "numbers",
    """
    Fine-tuning: train additions of this rank to the kernels below the head instead of the kernels \
    (LoRA); a second number, after a comma, is alpha (default: the rank).
    """, ignoredBy: [.featureExtraction, .fromScratch]
  ) {
    $0.ifSet().flatMap {
      $0.part("rank", \.rank).within(1...Techniques.largestCount)
        ?? $0.part("alpha", \.alpha).positive()
    }
  }
}

extension Technique {
  package static let residualAdapters = Technique(
    "residualAdapters", \.residualAdapters, option: "residual-adapters",
    """
    Fine-tuning: train convolutions of single pixels beside the convolutions below the head, \
    instead of these.
    """, ignoredBy: [.featureExtraction, .fromScratch]
  ) {
    let hasLowRank = $0.techniques.lowRank != nil
    return $0.expect("false with low-rank additions", !$0.value || !hasLowRank)
  }
}

/// Means of weights.
extension Technique {
  package static let weightAveraging = Technique(
    "weightAveraging", \.weightAveraging, option: "average-weights", value: "fraction",
    """
    Fraction of the epochs of the last phase, above 0 and at most 1, over which the weights are \
    averaged (SWA).
    """, isOfGradientDescent: true
  ) {
    let stops = $0.techniques.earlyStopping != nil
    return $0.ifSet().flatMap {
      $0.expect("above 0 and at most 1", $0.value > 0 && $0.value <= 1)
        ?? $0.expect("none with early stopping", !stops)
    }
  }

  package static let trainedShare = Technique(
    "trainedShare", \.trainedShare, option: "trained-share", value: "fraction",
    """
    Fine-tuning from a solved head: fraction of the trained weights in the mean with those from \
    before training, above 0 and below 1 (WiSE-FT).
    """, ignoredBy: [.featureExtraction, .fromScratch]
  ) {
    let startsSolved = $0.techniques.headStart == .solved
    return $0.ifSet().flatMap {
      $0.expect("above 0 and below 1", $0.value > 0 && $0.value < 1)
        ?? $0.expect("none with a new head", startsSolved)
    }
  }
}
