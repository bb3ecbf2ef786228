// A C interface to the parts of oneDNN that the network engine needs.
//
// oneDNN's own C interface differs between versions 2 and 3, and its C++ interface cannot be
// imported into Swift without exposing its templates. This shim is written on dnnl.hpp, compiles
// against both versions, and turns exceptions into an error text.
//
// Everything is float32. Activations are stored [batch, height, width, channels]. Weights are
// stored in the layout that oneDNN prefers for the machine and are packed from and unpacked to the
// layouts of the files: convolution kernels [height, width, in / groups, out], depthwise kernels
// [height, width, in, multiplier], dense kernels [in, out].
//
// Functions that return a pointer return NULL on failure; functions that return int return 0 on
// success. After a failure, onednn_last_error() returns the reason, per thread. No function but
// onednn_operation_run_units may be called on one object from two threads at the same time.

#ifndef ONEDNN_SHIM_H
#define ONEDNN_SHIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A zero-filled, 64-byte aligned buffer with a shape and a layout, or a view of one.
typedef struct onednn_buffer onednn_buffer;

/// A primitive bound to its buffers; it keeps them alive.
typedef struct onednn_operation onednn_operation;

/// A sliding window over height and width; the paddings are zeros added on each side. A dilation of
/// 1 is a dense kernel. Pooling ignores dilation and groups.
typedef struct {
  int64_t kernel_height, kernel_width;
  int64_t stride_height, stride_width;
  int64_t pad_top, pad_left, pad_bottom, pad_right;
  int64_t dilation_height, dilation_width;
  int64_t groups;
} onednn_window;

/// Elementwise functions. `alpha` is the slope of a ReLU below zero, the lower bound of a clip and
/// the scale of an ELU; `beta` is the upper bound of a clip.
typedef enum {
  onednn_no_function = 0,
  onednn_relu,
  onednn_clip,
  onednn_elu,
  onednn_logistic,
  onednn_tanh,
  onednn_exponential,
  onednn_mish,
  onednn_gelu_erf,
  onednn_gelu_tanh,
  onednn_swish,
  onednn_softplus,
  onednn_hard_swish,
} onednn_function;

typedef struct {
  onednn_function function;
  float alpha, beta;
} onednn_activation;

const char *_Nonnull onednn_last_error(void);
/// The version of oneDNN, such as "2.6.3".
const char *_Nonnull onednn_version_text(void);
/// The instruction set for which oneDNN generates code on this processor, such as "avx512_core".
const char *_Nonnull onednn_instruction_set(void);

// Buffers

onednn_buffer *_Nullable onednn_buffer_activations(
    int64_t batch, int64_t height, int64_t width, int64_t channels);
/// A view of the memory as activations of another shape with the same number of elements.
onednn_buffer *_Nullable onednn_buffer_reshaped(
    onednn_buffer *_Nonnull source, int64_t batch, int64_t height, int64_t width, int64_t channels);
/// Activations without memory: operations can be created with them, but run only after
/// onednn_buffer_place.
onednn_buffer *_Nullable onednn_buffer_unplaced_activations(
    int64_t batch, int64_t height, int64_t width, int64_t channels);
/// A buffer of the same shape and layout without memory.
onednn_buffer *_Nullable onednn_buffer_unplaced_like(onednn_buffer *_Nonnull model);
/// Sets the memory of a buffer and all its views: the part of an arena that starts at `offset`
/// bytes.
int onednn_buffer_place(
    onednn_buffer *_Nonnull buffer, onednn_buffer *_Nonnull arena, size_t offset);
onednn_buffer *_Nullable onednn_buffer_vector(int64_t count);
/// A view of `count` numbers of an arena that starts at `offset` bytes.
onednn_buffer *_Nullable onednn_buffer_stretch(
    onednn_buffer *_Nonnull arena, size_t offset, int64_t count);
/// A kernel in the layout preferred for this input, output and window.
onednn_buffer *_Nullable onednn_buffer_convolution_kernel(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull destination, onednn_window window);
/// A kernel [in, out] in the layout preferred for this input and output.
onednn_buffer *_Nullable onednn_buffer_dense_kernel(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull destination);
/// A new zero-filled buffer of the same shape and layout.
onednn_buffer *_Nullable onednn_buffer_like(onednn_buffer *_Nonnull model);
void onednn_buffer_release(onednn_buffer *_Nullable buffer);

/// The memory of the buffer; NULL as long as it has none.
float *_Nullable onednn_buffer_data(onednn_buffer *_Nonnull buffer);
/// Size of the buffer in bytes, including the padding of its layout; a view has the size of its
/// source.
size_t onednn_buffer_bytes(onednn_buffer *_Nonnull buffer);
/// Copies plain values into the buffer's layout; `count` must be the number of elements.
int onednn_buffer_pack(
    onednn_buffer *_Nonnull buffer, const float *_Nonnull values, size_t count);
int onednn_buffer_unpack(onednn_buffer *_Nonnull buffer, float *_Nonnull values, size_t count);

// Operations. A nullable gradient that is NULL is not computed.

/// Copies numbers from the start of the memory of `values`, where they are in the order of the
/// files, into the layout of `destination`.
onednn_operation *_Nullable onednn_pack(
    onednn_buffer *_Nonnull values, onednn_buffer *_Nonnull destination);
/// The reverse of onednn_pack.
onednn_operation *_Nullable onednn_unpack(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull values);

/// Without `kernel_changes`, the kernel must already have its values: kernels of CKernels prepare a
/// copy of a small kernel now instead of in every run. With `pools`, which requires
/// onednn_convolution_can_pool, a ReLU and not training, the destination receives the maxima of
/// windows of 2×2 pixels with a stride of 2.
onednn_operation *_Nullable onednn_convolution_forward(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull kernel, onednn_buffer *_Nullable bias,
    onednn_buffer *_Nonnull destination, onednn_window window, int training, int kernel_changes,
    onednn_activation activation, int pools);
/// Whether a convolution of images [height, width, in] to `out` channels can be followed by a
/// ReLU and pooling in one operation.
int onednn_convolution_can_pool(
    int64_t height, int64_t width, int64_t in, int64_t out, onednn_window window);
/// Without `kernel_changes`, the kernel must already have its values: a copy in another layout is
/// made now instead of in every run.
onednn_operation *_Nullable onednn_convolution_backward_data(
    onednn_buffer *_Nonnull destination_gradient, onednn_buffer *_Nonnull kernel,
    onednn_buffer *_Nonnull source_gradient, onednn_window window, int kernel_changes);
onednn_operation *_Nullable onednn_convolution_backward_weights(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull destination_gradient,
    onednn_buffer *_Nonnull kernel_gradient, onednn_buffer *_Nullable bias_gradient,
    onednn_window window);

/// Bytes of working memory that training steps on `threads` threads, at least 1, need at most for a
/// convolution from images [batch, height, width, in] to `out` channels; of one that oneDNN does,
/// only the sums of a divided weight gradient are known. What threads share is counted for each of
/// those that help, because each may help with a step of its own.
size_t onednn_convolution_working_bytes(
    int64_t batch, int64_t height, int64_t width, int64_t in, int64_t out, onednn_window window,
    size_t threads);

/// Bytes of the copy of a kernel that does not change, which a forward pass (or backward data)
/// keeps; 0 if it keeps none. Arguments as for onednn_convolution_working_bytes.
size_t onednn_convolution_kept_bytes(
    int64_t batch, int64_t height, int64_t width, int64_t in, int64_t out, onednn_window window,
    int backward);

/// `rows` is the number of rows of an example: unless it is for training, the bits of an example do
/// not depend on its position.
onednn_operation *_Nullable onednn_dense_forward(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull kernel, onednn_buffer *_Nullable bias,
    onednn_buffer *_Nonnull destination, size_t rows, int training, onednn_activation activation);
onednn_operation *_Nullable onednn_dense_backward_data(
    onednn_buffer *_Nonnull destination_gradient, onednn_buffer *_Nonnull kernel,
    onednn_buffer *_Nonnull source_gradient, int kernel_changes);
onednn_operation *_Nullable onednn_dense_backward_weights(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull destination_gradient,
    onednn_buffer *_Nonnull kernel_gradient, onednn_buffer *_Nullable bias_gradient);

/// What a batch normalization does to its output: nothing, a ReLU, or a ReLU and maximum pooling
/// of windows of 2×2 pixels with a stride of 2.
typedef enum {
  onednn_follower_none = 0,
  onednn_follower_relu,
  onednn_follower_relu_pool,
} onednn_follower;

/// Batch normalization, and what follows it. With `batch_statistics`, mean and variance are outputs
/// (the population variance of the batch); otherwise they are inputs. `positions` receives the
/// places of the maxima for the backward pass, NULL unless there is pooling; pass NULL for
/// inference.
onednn_operation *_Nullable onednn_batch_norm_forward(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull gamma, onednn_buffer *_Nonnull beta,
    onednn_buffer *_Nonnull mean, onednn_buffer *_Nonnull variance,
    onednn_buffer *_Nonnull destination, float epsilon, int batch_statistics,
    onednn_follower follower, onednn_buffer *_Nullable *_Nullable positions);
/// `destination_gradient` is the gradient of what follows the normalization.
onednn_operation *_Nullable onednn_batch_norm_backward(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull gamma, onednn_buffer *_Nonnull beta,
    onednn_buffer *_Nonnull mean, onednn_buffer *_Nonnull variance,
    onednn_buffer *_Nonnull destination_gradient, onednn_buffer *_Nonnull source_gradient,
    onednn_buffer *_Nullable gamma_gradient, onednn_buffer *_Nullable beta_gradient,
    float epsilon, int batch_statistics, onednn_follower follower,
    onednn_buffer *_Nullable positions);

typedef enum { onednn_pool_max = 0, onednn_pool_average = 1 } onednn_pool_kind;

/// `workspace` holds the positions of the maxima for the backward pass of max pooling; NULL for
/// inference.
onednn_operation *_Nullable onednn_pool_forward(
    onednn_pool_kind kind, onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull destination,
    onednn_window window, onednn_buffer *_Nullable *_Nullable workspace);
onednn_operation *_Nullable onednn_pool_backward(
    onednn_pool_kind kind, onednn_buffer *_Nonnull destination_gradient,
    onednn_buffer *_Nonnull source_gradient, onednn_window window,
    onednn_buffer *_Nullable workspace);

onednn_operation *_Nullable onednn_elementwise_forward(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull destination,
    onednn_activation activation);
onednn_operation *_Nullable onednn_elementwise_backward(
    onednn_buffer *_Nonnull source, onednn_buffer *_Nonnull destination_gradient,
    onednn_buffer *_Nonnull source_gradient, onednn_activation activation);

/// destination = left + right, then the function if one is given.
onednn_operation *_Nullable onednn_add(
    onednn_buffer *_Nonnull left, onednn_buffer *_Nonnull right,
    onednn_buffer *_Nonnull destination, onednn_activation activation);

void onednn_operation_release(onednn_operation *_Nullable operation);
/// Bytes of working memory that the operation needs while it runs on one thread.
size_t onednn_operation_scratchpad_bytes(onednn_operation *_Nonnull operation);
/// Sets the working memory, a buffer of at least onednn_operation_scratchpad_bytes; operations that
/// run one after another may share it.
int onednn_operation_use_scratchpad(
    onednn_operation *_Nonnull operation, onednn_buffer *_Nonnull scratchpad);
/// Bytes of buffers that the operation owns, such as weights in a second layout.
size_t onednn_operation_bytes(onednn_operation *_Nonnull operation);
/// Whether runs of the operation use the memory of a buffer.
int onednn_operation_uses(onednn_operation *_Nonnull operation, onednn_buffer *_Nonnull buffer);
/// Number of primitives of a run; the reorder count is the number of those that only change
/// layouts.
size_t onednn_operation_primitive_count(onednn_operation *_Nonnull operation);
size_t onednn_operation_reorder_count(onednn_operation *_Nonnull operation);
/// Copies the name of a primitive of a run, with its terminating zero, into `text` of `size` bytes:
/// "winograd:avx512" for a kernel of CKernels, "oneDNN jit:avx512_core" for one of oneDNN.
int onednn_operation_kernel_name(
    onednn_operation *_Nonnull operation, size_t index, char *_Nonnull text, size_t size);
/// Runs on the calling thread only and returns when done.
int onednn_operation_run(onednn_operation *_Nonnull operation);

// Several threads may share a run: it is a sequence of stages, and each stage has a number of
// units, which any threads may compute at the same time. The results are the same.

/// Bytes of working memory that each thread but the first needs for itself.
size_t onednn_operation_helper_bytes(onednn_operation *_Nonnull operation);
/// Bytes of working memory that the threads share.
size_t onednn_operation_shared_bytes(onednn_operation *_Nonnull operation);
/// Sets the working memory of several threads, which operations that run one after another may
/// share: a buffer of at least onednn_operation_shared_bytes, and behind them at least
/// onednn_operation_helper_bytes for each helper. What a thread has for itself is at the same place
/// in all operations then, so that it stays in the cache of the thread's core.
int onednn_operation_use_helper_memory(
    onednn_operation *_Nonnull operation, onednn_buffer *_Nonnull memory, size_t shared_bytes,
    size_t helper_bytes, size_t helpers);

size_t onednn_operation_stage_count(onednn_operation *_Nonnull operation);
size_t onednn_operation_units(onednn_operation *_Nonnull operation, size_t stage);
/// Computes the units first..<end of a stage, after all units of the stages before it, on the
/// calling thread. `thread`, from 0, is the number of this thread among those at work; all but the
/// first need memory of their own.
int onednn_operation_run_units(
    onednn_operation *_Nonnull operation, size_t stage, size_t first, size_t end, size_t thread);

#ifdef __cplusplus
}
#endif

#endif
