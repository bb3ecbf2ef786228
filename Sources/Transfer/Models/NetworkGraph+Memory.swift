import Foundation
package import NeuralNetwork
package import Records

extension NetworkGraph {
  /// Requires the least memory with which the network classifies an example; that of XLNet grows
  /// with the square of the length of texts.
  ///
  /// Without it the system might end the process without a word.
  ///
  /// - Parameter bytes: the memory that there is.
  /// - Throws: `Failure` of kind `failed` if there is less.
  package func requireMemory(of bytes: Int) throws(Failure) {
    let needed = leastBytes
    guard needed > bytes else { return }
    let readsTexts = tokenEmbedding != nil
    func gibibytes(_ bytes: Int) -> String {
      String(format: "%.1f GiB", Double(bytes) / Double(1 << 30))
    }
    throw Failure(
      .failed, "cannot run the network",
      because: (readsTexts ? "a text of \(inputShape.width) places" : "an image of \(inputShape)")
        + " takes at least \(gibibytes(needed)) of memory, and there are \(gibibytes(bytes))",
      remedy: readsTexts
        ? "Give a smaller `maxLength`, such as 512, to use the first tokens of each text."
        : "Give smaller images with `resize`.")
  }
}
