/// An event file of TensorBoard: records of TFRecord, each of which holds an `Event` message.
///
/// The fields are those of TensorBoard's event.proto, summary.proto and, for the hyperparameters,
/// plugin_data.proto of its plugin `hparams`.
struct EventFile {
  /// A value that a training is told.
  enum Hyperparameter: Sendable, Hashable {
    case number(Double)
    case text(String)
  }

  private(set) var bytes: [UInt8] = []

  /// Begins the file.
  ///
  /// - Parameter time: when the run began, in seconds since 1970.
  init(at time: Double) {
    append(at: time) { $0.add(3, "brain.Event:2") }
  }

  /// The time of the first event of a file that ``init(at:)`` began; `nil` for other bytes.
  static func time(of bytes: [UInt8]) -> Double? {
    // After the length, its checksum and the key of the field.
    guard bytes.count >= 21 else { return nil }
    var reader = ByteReader(bytes[13..<21])
    return reader.readDouble()
  }

  /// Appends named numbers.
  ///
  /// - Parameter step: the epoch after which they were measured.
  mutating func append(_ scalars: [(tag: String, value: Double)], at time: Double, step: Int) {
    append(at: time, step: step) { event in
      event.add(
        5,
        ProtobufMessage { summary in
          for scalar in scalars {
            summary.add(
              1,
              ProtobufMessage {
                $0.add(1, scalar.tag)
                $0.add(2, Float(scalar.value))
              })
          }
        })
    }
  }

  /// Appends the hyperparameters, in the order of their names, with which a run begins.
  mutating func append(_ hyperparameters: [String: Hyperparameter], at time: Double) {
    let start = ProtobufMessage { start in
      for (name, value) in hyperparameters.sorted(by: { $0.key < $1.key }) {
        let content = ProtobufMessage {
          switch value {
          case .number(let number): $0.add(2, number)
          case .text(let text): $0.add(3, text)
          }
        }
        start.add(
          1,
          ProtobufMessage {
            $0.add(1, name)
            $0.add(2, content)
          })
      }
      start.add(5, time)
    }
    appendSession("_hparams_/session_start_info", field: 3, start, at: time)
  }

  /// Appends that the run was successful.
  mutating func appendSuccess(at time: Double) {
    let end = ProtobufMessage {
      $0.add(1, 1)
      $0.add(2, time)
    }
    appendSession("_hparams_/session_end_info", field: 4, end, at: time)
  }

  /// Appends a summary whose metadata are what the plugin `hparams` reads; it has an empty tensor.
  private mutating func appendSession(
    _ tag: String, field: Int, _ content: ProtobufMessage, at time: Double
  ) {
    let plugin = ProtobufMessage {
      $0.add(1, "hparams")
      $0.add(2, ProtobufMessage { $0.add(field, content) })
    }
    let value = ProtobufMessage {
      $0.add(1, tag)
      $0.add(8, Self.emptyTensor)
      $0.add(9, ProtobufMessage { $0.add(1, plugin) })
    }
    append(at: time) { $0.add(5, ProtobufMessage { $0.add(1, value) }) }
  }

  /// A tensor of type float32 and shape [0].
  private static var emptyTensor: ProtobufMessage {
    let shape = ProtobufMessage { $0.add(2, ProtobufMessage { _ in }) }
    return ProtobufMessage {
      $0.add(1, 1)
      $0.add(2, shape)
    }
  }

  /// Appends a record with an event: its length with a checksum, and the message with one.
  private mutating func append(
    at time: Double, step: Int = 0, _ fill: (inout ProtobufMessage) -> Void
  ) {
    let event = ProtobufMessage {
      $0.add(1, time)
      if step != 0 { $0.add(2, step) }
      fill(&$0)
    }
    var length = ByteWriter()
    length.write(UInt64(event.bytes.count))
    var record = length
    record.write(CRC32C.masked(length.bytes))
    bytes += record.bytes + event.bytes
    var checksum = ByteWriter()
    checksum.write(CRC32C.masked(event.bytes))
    bytes += checksum.bytes
  }
}
