// Softmax regression on many rows, the loss of a batch, and the linear algebra of double precision
// that minimizing them takes.

#ifndef SOFTMAX_KERNELS_H
#define SOFTMAX_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Rows are kept in panels [features][32]: lanes of a register are rows, so that no lane is lost
// whatever the number of classes. A panel that is not full ends in rows of zeros.

enum { softmax_panel_rows = 32 };

/// Fills one panel with (rows - shift) × factor; `count` is at most softmax_panel_rows.
void softmax_fill_panel(
    float *_Nonnull panel, const float *_Nonnull rows, size_t count, size_t features,
    const double *_Nonnull shift, const double *_Nonnull factor);

/// Panels with one stride between them, in floats.
typedef struct {
  const float *_Nonnull values;
  size_t count, stride, features;
} softmax_panels;

/// Weights [features, classes] in the order in which the product reads them.
void softmax_pack_weights(
    float *_Nonnull packed, const float *_Nonnull weights, size_t features, size_t classes);

/// What a pass reads and where it works.
typedef struct {
  size_t classes;
  /// One per row of the panels; -1 for the rows that fill up.
  const int32_t *_Nonnull labels;
  /// As packed by softmax_pack_weights, and one bias per class.
  const float *_Nonnull weights, *_Nonnull bias;
  /// Panels between two sums in double precision, and room for their slopes
  /// [chunk][classes][32].
  size_t chunk;
  float *_Nonnull slopes;
  /// Room for [classes][32].
  double *_Nonnull exponentials;
} softmax_pass;

typedef struct {
  /// Sum of the negative log-likelihoods, in nats.
  double loss;
  /// Rows whose largest logit is that of the label (the first one on a tie).
  size_t correct;
} softmax_sums;

/// Loss and hits of all rows. Where gradients are given, those of the sum of the losses are added:
/// [features, classes] and, as eight partial sums each, [classes][8].
///
/// Products and their sums over a chunk are in float32; softmax, loss and all other sums are in
/// double precision.
softmax_sums softmax_run_pass(
    softmax_panels panels, softmax_pass pass, double *_Nullable kernel_gradient,
    double *_Nullable bias_gradient);

/// products += the rows' features times their features, [features, features].
void softmax_add_squares(softmax_panels panels, size_t chunk, double *_Nonnull products);

/// Softmax cross-entropy of one batch, logits [labels, classes]; a gradient that is not NULL is
/// overwritten with that of the mean loss. `smoothing` is the share of the target that is spread
/// over all classes.
softmax_sums softmax_cross_entropy(
    const float *_Nonnull logits, const int32_t *_Nonnull labels, size_t count, size_t classes,
    float smoothing, float *_Nullable gradient);

// Double precision

/// Adds up the columns of rows [count, width], or where `mean` is given the squares of what they
/// are off it.
void double_add_columns(
    double *_Nonnull sums, const float *_Nonnull rows, size_t count, size_t width,
    const double *_Nullable mean);

double double_dot(const double *_Nonnull a, const double *_Nonnull b, size_t count);
/// a += factor × b.
void double_add(double *_Nonnull a, double factor, const double *_Nonnull b, size_t count);

/// Replaces the lower triangle of a symmetric matrix [size, size] by its Cholesky factor L, where
/// the matrix is L times L transposed; not 0 if it is not positive definite.
int double_cholesky(double *_Nonnull matrix, size_t size);
/// Solves for right-hand sides [size, columns] in place; `work` has room for size × 16.
void double_cholesky_solve(
    const double *_Nonnull factor, size_t size, double *_Nonnull sides, size_t columns,
    double *_Nonnull work);

#ifdef __cplusplus
}
#endif

#endif
