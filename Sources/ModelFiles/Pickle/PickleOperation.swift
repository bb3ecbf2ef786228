/// The instructions that pickles of state dicts consist of, in the protocols 2 to 5.
///
/// Instructions that build other objects of Python are left out.
enum PickleOperation: UInt8 {
  case version = 0x80
  case frame = 0x95
  case stop = 0x2E

  case none = 0x4E
  case yes = 0x88
  case no = 0x89
  case integer8 = 0x4B
  case integer16 = 0x4D
  case integer32 = 0x4A
  case longInteger = 0x8A
  case number = 0x47
  case text8 = 0x8C
  case text32 = 0x58
  case text64 = 0x8D

  case mark = 0x28
  case emptyTuple = 0x29
  case tuple = 0x74
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case emptyList = 0x5D
  case append = 0x61
  case appendAll = 0x65
  case emptyDictionary = 0x7D
  case setItem = 0x73
  case setItems = 0x75

  case store8 = 0x71
  case store32 = 0x72
  case storeNext = 0x94
  case recall8 = 0x68
  case recall32 = 0x6A

  case name = 0x63
  case nameFromStack = 0x93
  case storage = 0x51
  case call = 0x52
  case setState = 0x62
}
