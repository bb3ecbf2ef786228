import Foundation
import ModelFiles
import Records
import TestSupport
import Testing

/// Folders of sentence-transformers: which pooling they ask for, and what of them is not applied.
struct SentenceModulesTests {
  /// The files of an encoder in a folder of its own, with further ones.
  private func withModel<Result>(
    _ files: [String: String], file: String = "model.safetensors",
    _ action: (_ folder: String) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      for name in ["config.json", file] {
        try FileManager.default.copyItem(
          atPath: fixture("text/bert/\(name)"), toPath: "\(folder)/\(name)")
      }
      for (name, text) in files {
        let url = URL(filePath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      }
      return try action(folder)
    }
  }

  /// The configurations of all-MiniLM-L6-v2 (mean) and bge-small-en (cls), one of each other way
  /// that heads have, and the form of newer versions.
  @Test(
    arguments: [
      (
        """
        {"word_embedding_dimension": 384, "pooling_mode_cls_token": false,
        "pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": false,
        "pooling_mode_mean_sqrt_len_tokens": false}
        """, FeaturePooling.average, "(mean)"
      ),
      (
        """
        {"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false,
        "include_prompt": true}
        """, .first, "(cls)"
      ),
      (#"{"pooling_mode_max_tokens": true}"#, .maximum, "(max)"),
      (#"{"pooling_mode_lasttoken": true}"#, .last, "(lasttoken)"),
      (#"{"embedding_dimension": 384, "pooling_mode": "cls"}"#, .first, "(cls)"),
    ] as [(String, FeaturePooling, String)])
  func pooling(_ text: String, _ pooling: FeaturePooling, _ word: String) throws {
    try withModel(["1_Pooling/config.json": text]) { folder in
      for path in [folder, "\(folder)/model.safetensors"] {
        let model = try ModelFile.read(path)
        #expect(model.pooling == pooling)
        #expect(
          model.report.notes.contains {
            $0.contains("'\(pooling.rawValue)'") && $0.contains(word)
          })
      }
    }
  }

  /// The state dict in HDF5 has the pooling of its folder as well.
  @Test func stateDict() throws {
    let files = ["1_Pooling/config.json": #"{"pooling_mode_cls_token": true}"#]
    try withModel(files, file: "state_dict.h5") { folder in
      let model = try ModelFile.read("\(folder)/state_dict.h5")
      #expect(model.pooling == .first)
    }
  }

  /// Ways of pooling that heads do not have leave the average, and are named.
  @Test(arguments: [
    (#"{"pooling_mode_mean_sqrt_len_tokens": true}"#, "(mean_sqrt_len_tokens)"),
    (#"{"pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": true}"#, "(mean, max)"),
    (#"{"pooling_mode": ["mean", "cls"]}"#, "(mean, cls)"),
    (#"{"pooling_mode": "weightedmean"}"#, "(weightedmean)"), ("{}", "(none)"),
  ]) func unsupported(_ text: String, _ words: String) throws {
    try withModel(["1_Pooling/config.json": text]) { folder in
      let model = try ModelFile.read(folder)
      #expect(model.pooling == nil)
      #expect(model.report.notes.contains { $0.contains("not supported \(words)") })
    }
  }

  /// Without the files there is no pooling and no note; modules after the pooling are named.
  @Test func furtherModules() throws {
    try withModel([:]) { folder in
      let model = try ModelFile.read(folder)
      #expect(model.pooling == nil)
      #expect(!model.report.notes.contains { $0.contains("pool") || $0.contains("applied") })
    }
    let modules = """
      [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
       {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
       {"idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
      """
    try withModel(["modules.json": modules]) { folder in
      let notes = try ModelFile.read(folder).report.notes
      #expect(notes.contains("2_Normalize of modules.json is not applied"))
    }
  }

  /// A damaged file is an error that names it.
  @Test(arguments: [
    ("1_Pooling/config.json", "{", "not valid JSON"), ("1_Pooling/config.json", "[]", "object"),
    ("modules.json", "{}", "list"), ("modules.json", "[", "not valid JSON"),
  ]) func damaged(_ name: String, _ text: String, _ reason: String) throws {
    try withModel([name: text]) { folder in
      let error = try #require(throws: Failure.self) { try ModelFile.read(folder) }
      #expect(error.kind == .badData && error.subject?.hasSuffix(name) == true)
      #expect(error.reason.contains(reason) && error.remedy != nil)
    }
  }
}
