// A client writes `import Transfer` and can name, and use the members of, what the library's
// declarations take and return: techniques, rates, groups and similarities, images and shapes.
@_exported public import Records
@_exported public import TaskData
@_exported public import Tensors
