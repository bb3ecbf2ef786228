/// Identifies the task of a run: a similarity to the source task, and a replicate.
package struct TaskKey: Sendable, Hashable {
  package let similarity: Similarity
  package let replicate: Int

  package init(similarity: Similarity, replicate: Int) {
    self.similarity = similarity
    self.replicate = replicate
  }

  package init(_ run: RunKey) {
    self.init(similarity: run.similarity, replicate: run.replicate)
  }
}
