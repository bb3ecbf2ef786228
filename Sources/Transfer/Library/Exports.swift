// With `import Transfer` alone, clients can use all types that the library's declarations take and
// return: techniques, learning rates, layer groups, similarities, images and shapes.
@_exported public import Records
@_exported public import TaskData
@_exported public import Tensors
