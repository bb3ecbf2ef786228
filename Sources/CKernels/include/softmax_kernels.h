// Softmax regression on many rows, the loss of a batch, and the linear algebra in double precision
// that their minimization needs.

#ifndef SOFTMAX_KERNELS_H
#define SOFTMAX_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Rows are stored in panels [features][32]: the lanes of a register are rows, so that all lanes are
// used whatever the number of classes. A panel that is not full ends with rows of zeros.

enum { softmax_panel_rows = 32 };

/// Fills one panel with (rows - shift) × factor; `count` is at most softmax_panel_rows.
void softmax_fill_panel(
    float *_Nonnull panel, const float *_Nonnull rows, size_t count, size_t features,
    const double *_Nonnull shift, const double *_Nonnull factor);

/// Panels at a constant stride, in floats.
typedef struct {
  const float *_Nonnull values;
  size_t count, stride, features;
} softmax_panels;

/// Packs weights [features, classes] in the order in which the product reads them.
void softmax_pack_weights(
    float *_Nonnull packed, const float *_Nonnull weights, size_t features, size_t classes);

/// The input and the working memory of a pass.
typedef struct {
  size_t classes;
  /// One label per row of the panels; -1 for rows of zeros at the end.
  const int32_t *_Nonnull labels;
  /// Weights as packed by softmax_pack_weights, and one bias per class.
  const float *_Nonnull weights, *_Nonnull bias;
  /// Number of panels between two sums in double precision, and working memory for their slopes
  /// [chunk][classes][32].
  size_t chunk;
  float *_Nonnull slopes;
  /// Working memory for exponentials [classes][32].
  double *_Nonnull exponentials;
} softmax_pass;

typedef struct {
  /// Sum of the negative log-likelihoods, in nats.
  double loss;
  /// Number of rows whose largest logit (the first one on a tie) is that of the label.
  size_t correct;
} softmax_sums;

/// Loss and hits of all rows. The gradients of the sum of the losses are added to gradients that
/// are not NULL: [features, classes] and, as eight partial sums each, [classes][8].
///
/// Products and their sums over a chunk are in float32; softmax, loss and all other sums are in
/// double precision.
softmax_sums softmax_run_pass(
    softmax_panels panels, softmax_pass pass, double *_Nullable kernel_gradient,
    double *_Nullable bias_gradient);

/// products += the products of all pairs of features, summed over the rows, [features, features].
void softmax_add_squares(softmax_panels panels, size_t chunk, double *_Nonnull products);

/// Softmax cross-entropy of one batch with logits [count, classes]; a gradient that is not NULL is
/// overwritten with the gradient of the mean loss. `smoothing` is the fraction of the target that
/// is spread over all classes.
softmax_sums softmax_cross_entropy(
    const float *_Nonnull logits, const int32_t *_Nonnull labels, size_t count, size_t classes,
    float smoothing, float *_Nullable gradient);

// Double precision

/// Adds the column sums of rows [count, width] to `sums`, or with `mean` the sums of squared
/// deviations from it.
void double_add_columns(
    double *_Nonnull sums, const float *_Nonnull rows, size_t count, size_t width,
    const double *_Nullable mean);

double double_dot(const double *_Nonnull a, const double *_Nonnull b, size_t count);
/// a += factor × b.
void double_add(double *_Nonnull a, double factor, const double *_Nonnull b, size_t count);

/// Replaces the lower triangle of a symmetric matrix [size, size] with its Cholesky factor L, where
/// the matrix is L times L transposed; returns 0, or 1 if the matrix is not positive definite.
int double_cholesky(double *_Nonnull matrix, size_t size);
/// Solves for right-hand sides [size, columns] in place; `work` has size × 16 elements.
void double_cholesky_solve(
    const double *_Nonnull factor, size_t size, double *_Nonnull sides, size_t columns,
    double *_Nonnull work);

#ifdef __cplusplus
}
#endif

#endif
