import ModelFiles
import NeuralNetwork
import Tensors
import Testing
import Transfer

/// The group names of Keras' weight files.
struct KerasNamesTests {
  /// Class names in snake case, as `to_snake_case` of keras/src/utils/naming.py (Keras 3.15.1)
  /// prints them.
  @Test(arguments: [
    ("Conv1D", "conv1d"),
    ("Conv2D", "conv2d"),
    ("Conv2DTranspose", "conv2d_transpose"),
    ("SeparableConv2D", "separable_conv2d"),
    ("DepthwiseConv2D", "depthwise_conv2d"),
    ("MaxPooling2D", "max_pooling2d"),
    ("AveragePooling2D", "average_pooling2d"),
    ("GlobalAveragePooling2D", "global_average_pooling2d"),
    ("GlobalMaxPooling1D", "global_max_pooling1d"),
    ("ReLU", "re_lu"),
    ("LeakyReLU", "leaky_re_lu"),
    ("PReLU", "p_re_lu"),
    ("ELU", "elu"),
    ("BatchNormalization", "batch_normalization"),
    ("Dense", "dense"),
    ("EinsumDense", "einsum_dense"),
    ("Dropout", "dropout"),
    ("SpatialDropout2D", "spatial_dropout2d"),
    ("Flatten", "flatten"),
    ("Add", "add"),
    ("LSTM", "lstm"),
    ("GRU", "gru"),
    ("ConvLSTM2D", "conv_lstm2d"),
    ("SimpleRNN", "simple_rnn"),
    ("UpSampling2D", "up_sampling2d"),
    ("ZeroPadding2D", "zero_padding2d"),
    ("InputLayer", "input_layer"),
    ("MultiHeadAttention", "multi_head_attention"),
    ("TFSMLayer", "tfsm_layer"),
    ("STFTSpectrogram", "stft_spectrogram"),
    ("Sequential", "sequential"),
  ]) func snakeCase(name: String, expected: String) {
    #expect(KerasNames.snakeCase(name) == expected)
  }

  /// Layers of one class are numbered from the second on, in the graph's order.
  @Test func groups() throws {
    let graph = try Architecture.simple.graph(inputShape: smallShape, classes: 2)
    #expect(
      KerasNames.groups(of: graph) == [
        "conv2d", "batch_normalization", "re_lu", "conv2d_1", "batch_normalization_1", "re_lu_1",
        "max_pooling2d", "conv2d_2", "batch_normalization_2", "re_lu_2", "conv2d_3",
        "batch_normalization_3", "re_lu_3", "max_pooling2d_1", "flatten", "dense",
      ])
  }

  /// Keras sorts the layers of a model by depth, so a projection counts after the main path.
  @Test func projection() throws {
    let graph = try Architecture.deep.graph(inputShape: smallShape, classes: 2)
    let groups = Dictionary(
      uniqueKeysWithValues: zip(graph.nodes.map(\.name), KerasNames.groups(of: graph)))
    #expect(groups["stage2_block1_conv2"] == "conv2d_6")
    #expect(groups["stage2_block1_projection_conv"] == "conv2d_7")
    #expect(groups["stage2_block2_conv1"] == "conv2d_8")
  }
}
