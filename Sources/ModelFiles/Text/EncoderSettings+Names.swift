import Records

extension EncoderSettings {
  /// The names of the settings of a family in `config.json`.
  struct Names {
    let width, blocks, heads, inner: String
    /// The rows of the tables of places and of types; `nil` for a family without the table.
    var places, types: String?
    /// `nil` for a family whose epsilon is fixed.
    var epsilon: String?
    let activation: String
    /// The rates of dropout.
    let dropout: [String]
    /// Settings that must have a value or be missing.
    let fixed: [(name: String, value: JSONValue)]
  }
}

extension EncoderSettings.Family {
  var names: EncoderSettings.Names {
    switch self {
    case .bert, .roberta:
      EncoderSettings.Names(
        width: "hidden_size", blocks: "num_hidden_layers", heads: "num_attention_heads",
        inner: "intermediate_size", places: "max_position_embeddings", types: "type_vocab_size",
        epsilon: "layer_norm_eps", activation: "hidden_act",
        dropout: ["hidden_dropout_prob", "attention_probs_dropout_prob"],
        fixed: [
          ("position_embedding_type", .string("absolute")), ("is_decoder", .boolean(false)),
          ("add_cross_attention", .boolean(false)),
        ])
    case .distilbert:
      EncoderSettings.Names(
        width: "dim", blocks: "n_layers", heads: "n_heads", inner: "hidden_dim",
        places: "max_position_embeddings", activation: "activation",
        dropout: ["dropout", "attention_dropout"], fixed: [])
    case .gpt2:
      EncoderSettings.Names(
        width: "n_embd", blocks: "n_layer", heads: "n_head", inner: "n_inner",
        places: "n_positions", epsilon: "layer_norm_epsilon", activation: "activation_function",
        dropout: ["resid_pdrop", "embd_pdrop", "attn_pdrop"],
        fixed: [
          ("scale_attn_weights", .boolean(true)),
          ("scale_attn_by_inverse_layer_idx", .boolean(false)),
          ("add_cross_attention", .boolean(false)),
        ])
    case .xlnet:
      EncoderSettings.Names(
        width: "d_model", blocks: "n_layer", heads: "n_head", inner: "d_inner",
        epsilon: "layer_norm_eps", activation: "ff_activation", dropout: ["dropout"],
        fixed: [
          ("attn_type", .string("bi")), ("bi_data", .boolean(false)),
          ("untie_r", .boolean(true)), ("same_length", .boolean(false)),
          ("clamp_len", .integer(-1)),
        ])
    }
  }
}
