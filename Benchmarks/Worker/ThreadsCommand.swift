import ArgumentParser
import Foundation
import ModelFiles
import Records
import Tensors
import Transfer

/// Trains the same network with one and with several threads by turns, and prints how many times
/// faster each number of threads is.
struct ThreadsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "threads", abstract: "Measure how several threads share a training step.")

  @Option(help: ArgumentHelp("Numbers of threads besides one.", valueName: "count"))
  var threads = [2]

  @Option(help: ArgumentHelp("Height and width of the images.", valueName: "pixels"))
  var side = 16

  @Option(help: ArgumentHelp("Filters of the first block.", valueName: "count"))
  var filters = 16

  @Flag(help: "Train ResNet50, whatever the filters, instead of a network like medium.")
  var resnet = false

  @Option(help: ArgumentHelp("Passes over the images by each contestant.", valueName: "count"))
  var rounds = 15

  @Option(help: ArgumentHelp("Batches of 32 images in a pass.", valueName: "count"))
  var batches = 64

  /// One number of threads, and what its passes took.
  private struct Contestant {
    let count: Int
    let threads: Threads
    let training: WholeTraining
    var seconds: [Seconds] = []
    var losses: [Double] = []
  }

  func validate() throws {
    guard (threads + [side, filters, rounds, batches]).allSatisfy((1...1024).contains), side >= 8
    else {
      throw ValidationError("Numbers are in 1...1024, and the side is at least 8.")
    }
  }

  func run() throws {
    let graph =
      try resnet
      ? NamedArchitecture.resnet50.graph(
        inputShape: ImageShape(height: side, width: side, channels: 3), classes: Extents.classes)
      : Extents(side: side, filters: filters).graph()
    var contestants = try ([1] + threads).map { count in
      let threads = Threads(count)
      return Contestant(
        count: count, threads: threads,
        training: try WholeTraining(graph, batches: batches, threads: threads))
    }
    for round in 0...rounds {
      for turn in contestants.indices {
        let index = (turn + round) % contestants.count
        let watch = Stopwatch(contestants[index].threads)
        contestants[index].losses.append(try contestants[index].training.pass())
        // The first round warms up.
        if round > 0 { contestants[index].seconds.append(watch.seconds) }
      }
    }
    let alone = contestants[0]
    for contestant in contestants {
      guard contestant.losses == alone.losses else {
        throw Failure(.failed, "cannot compare", because: "the losses differ")
      }
      let ratios = zip(alone.seconds, contestant.seconds).map { $0.wall / $1.wall }.sorted()
      let cpu = zip(contestant.seconds, alone.seconds).map { $0.cpu / $1.cpu }.sorted()
      func quantile(_ values: [Double], _ part: Double) -> String {
        String(format: "%.2f", values[Int(Double(values.count - 1) * part)])
      }
      print(
        "\(contestant.count) threads: \(quantile(ratios, 0.5)) times as fast as one "
          + "(quartiles \(quantile(ratios, 0.25)) to \(quantile(ratios, 0.75)), best "
          + "\(quantile(ratios, 1))), \(quantile(cpu, 0.5)) times the processor time")
    }
  }
}
