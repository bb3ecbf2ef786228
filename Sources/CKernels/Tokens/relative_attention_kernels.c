#include <math.h>
#include <string.h>

#include "../every_processor.h"
#include "../exponential.h"
#include "strided_product.h"
#include "token_kernels.h"

// The numbers of a place, whether it holds a token, and its segment.
enum { fields = 3, mask_field = 1, type_field = 2 };

static const float masked = -1e30f;

// Working memory of one head: three matrices [length, length], two [length, 2 length], and rows.
typedef struct {
  // Queries plus a bias, [length, size], and their gradient.
  float *moved, *change;
  // Keys or values with axes exchanged, [size, 2 length].
  float *turned;
  float *scores, *changes;
  // Scores of all distances, [length, 2 length].
  float *slanted;
} relative_memory;

static inline relative_memory memory_in(float *scratch, attention_size size) {
  const size_t length = size.length, head = size.size;
  relative_memory m;
  m.moved = scratch;
  m.change = m.moved + length * head;
  m.turned = m.change + length * head;
  m.scores = m.turned + 2 * length * head;
  m.changes = m.scores + length * length;
  m.slanted = m.changes + length * length;
  return m;
}

size_t token_relative_scratch(attention_size size) {
  return size.length * (4 * size.size + 4 * size.length);
}

static inline __attribute__((always_inline)) void add_bias(
    float *moved, const float *query, size_t stride, const float *bias, size_t length,
    size_t head) {
  for (size_t i = 0; i < length; i++)
    for (size_t c = 0; c < head; c++) moved[i * head + c] = query[i * stride + c] + bias[c];
}

static inline int is_other(const float *tokens, size_t i, size_t j) {
  return tokens[i * fields + type_field] != tokens[j * fields + type_field];
}

static inline __attribute__((always_inline)) float dot(
    const float *a, const float *b, size_t count) {
  float sum = 0;
  for (size_t c = 0; c < count; c++) sum += a[c] * b[c];
  return sum;
}

// The probabilities of one head, [length, length].
static inline __attribute__((always_inline)) void relative_probabilities(
    relative_memory m, const float *query, const float *key, size_t stride,
    const float *distances, size_t distance_stride, relative_biases biases, size_t first,
    const float *tokens, attention_size size) {
  const size_t length = size.length, head = size.size, width = size.heads * head;
  // Content.
  add_bias(m.moved, query, stride, biases.content + first, length, head);
  transpose(m.turned, length, key, stride, length, head);
  const left_factor left = {m.moved, head, 1};
  strided_product(m.scores, length, left, m.turned, length, length, head, length, 1);
  // Position: query i and key j are i - j apart, row length - i + j of the distances.
  add_bias(m.moved, query, stride, biases.position + first, length, head);
  transpose(m.turned, 2 * length, distances, distance_stride, 2 * length, head);
  strided_product(
      m.slanted, 2 * length, left, m.turned, 2 * length, length, head, 2 * length, 1);
  // Segment.
  add_bias(m.moved, query, stride, biases.segment + first, length, head);
  const float scale = 1 / sqrtf((float)head);
  for (size_t i = 0; i < length; i++) {
    float *s = m.scores + i * length;
    const float *row = m.moved + i * head, *distance = m.slanted + i * (2 * length - 1) + length;
    const float same = dot(row, biases.segments + first, head);
    const float other = dot(row, biases.segments + width + first, head);
    float most = masked;
    for (size_t j = 0; j < length; j++) {
      s[j] = (s[j] + distance[j] + (is_other(tokens, i, j) ? other : same)) * scale;
      // A place without a token sees itself.
      if (tokens[j * fields + mask_field] == 0 && i != j) s[j] = masked;
      most = s[j] > most ? s[j] : most;
    }
    for (size_t j = 0; j < length; j++) s[j] = exponential(s[j] - most);
    float sum = 0;
    for (size_t j = 0; j < length; j++) sum += s[j];
    const float inverse = 1 / sum;
    for (size_t j = 0; j < length; j++) s[j] *= inverse;
  }
}

EVERY_PROCESSOR void token_relative_attention(
    float *destination, const float *query, const float *key, const float *value,
    const float *distances, relative_biases biases, const float *tokens, attention_size size,
    float *scratch) {
  const size_t head = size.size, width = size.heads * head, length = size.length;
  const relative_memory m = memory_in(scratch, size);
  for (size_t b = 0; b < size.batch; b++) {
    for (size_t h = 0; h < size.heads; h++) {
      const size_t first = h * head, start = b * length * width + first;
      relative_probabilities(
          m, query + start, key + start, width, distances + first, width, biases, first,
          tokens + b * length * fields, size);
      const left_factor left = {m.scores, length, 1};
      strided_product(
          destination + start, width, left, value + start, width, length, length, head, 1);
    }
  }
}

// Adds the sums of the columns of a matrix [rows, columns].
static inline __attribute__((always_inline)) void add_column_sums(
    float *sums, const float *matrix, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++)
    for (size_t c = 0; c < columns; c++) sums[c] += matrix[i * columns + c];
}

static inline __attribute__((always_inline)) void add_rows(
    float *destination, size_t stride, const float *rows, size_t count, size_t columns) {
  for (size_t i = 0; i < count; i++)
    for (size_t c = 0; c < columns; c++) destination[i * stride + c] += rows[i * columns + c];
}

EVERY_PROCESSOR void token_relative_attention_gradient(
    float *query_gradient, float *key_gradient, float *value_gradient,
    float *distance_gradient, relative_gradients bias_gradients, const float *gradient,
    const float *query, const float *key, const float *value, const float *distances,
    relative_biases biases, const float *tokens, attention_size size, float *scratch) {
  const size_t head = size.size, width = size.heads * head, length = size.length;
  const float scale = 1 / sqrtf((float)head);
  const relative_memory m = memory_in(scratch, size);
  memset(distance_gradient, 0, 2 * length * width * sizeof(float));
  memset(bias_gradients.content, 0, width * sizeof(float));
  memset(bias_gradients.position, 0, width * sizeof(float));
  memset(bias_gradients.segment, 0, width * sizeof(float));
  memset(bias_gradients.segments, 0, 2 * width * sizeof(float));
  for (size_t b = 0; b < size.batch; b++) {
    const float *places = tokens + b * length * fields;
    for (size_t h = 0; h < size.heads; h++) {
      const size_t first = h * head, start = b * length * width + first;
      const float *g = gradient + start;
      relative_probabilities(
          m, query + start, key + start, width, distances + first, width, biases, first, places,
          size);
      const left_factor from_keys = {m.scores, 1, length}, of_output = {g, width, 1};
      strided_product(
          value_gradient + start, width, from_keys, g, width, length, length, head, 1);
      transpose(m.turned, length, value + start, width, length, head);
      strided_product(m.changes, length, of_output, m.turned, length, length, head, length, 1);
      // The gradient of the sum of the three scores.
      for (size_t i = 0; i < length; i++) {
        const float *p = m.scores + i * length;
        float *c = m.changes + i * length;
        const float mean = dot(p, c, length);
        for (size_t j = 0; j < length; j++) c[j] = p[j] * (c[j] - mean) * scale;
      }
      const left_factor by_query = {m.changes, length, 1}, by_key = {m.changes, 1, length};
      // Content.
      strided_product(m.change, head, by_query, key + start, width, length, length, head, 1);
      add_column_sums(bias_gradients.content + first, m.change, length, head);
      for (size_t i = 0; i < length; i++)
        memcpy(query_gradient + start + i * width, m.change + i * head, head * sizeof(float));
      add_bias(m.moved, query + start, width, biases.content + first, length, head);
      strided_product(
          key_gradient + start, width, by_key, m.moved, head, length, length, head, 1);
      // Position: the same numbers at the slanted places of a matrix that is zero elsewhere.
      memset(m.slanted, 0, 2 * length * length * sizeof(float));
      for (size_t i = 0; i < length; i++)
        memcpy(
            m.slanted + i * (2 * length - 1) + length, m.changes + i * length,
            length * sizeof(float));
      const left_factor by_distance = {m.slanted, 1, 2 * length};
      const left_factor of_slanted = {m.slanted, 2 * length, 1};
      strided_product(
          m.change, head, of_slanted, distances + first, width, length, 2 * length, head, 1);
      add_column_sums(bias_gradients.position + first, m.change, length, head);
      add_rows(query_gradient + start, width, m.change, length, head);
      add_bias(m.moved, query + start, width, biases.position + first, length, head);
      strided_product(
          m.turned, head, by_distance, m.moved, head, 2 * length, length, head, 1);
      add_rows(distance_gradient + first, width, m.turned, 2 * length, head);
      // Segment: of each query the sums over the keys of the same and of another one.
      add_bias(m.moved, query + start, width, biases.segment + first, length, head);
      for (size_t i = 0; i < length; i++) {
        float same = 0, other = 0;
        for (size_t j = 0; j < length; j++) {
          if (is_other(places, i, j)) {
            other += m.changes[i * length + j];
          } else {
            same += m.changes[i * length + j];
          }
        }
        const float *of_same = biases.segments + first, *of_other = of_same + width;
        float *same_gradient = bias_gradients.segments + first;
        for (size_t c = 0; c < head; c++) {
          m.change[i * head + c] = same * of_same[c] + other * of_other[c];
          same_gradient[c] += same * m.moved[i * head + c];
          same_gradient[width + c] += other * m.moved[i * head + c];
        }
      }
      add_column_sums(bias_gradients.segment + first, m.change, length, head);
      add_rows(query_gradient + start, width, m.change, length, head);
    }
  }
}

EVERY_PROCESSOR void token_product(
    float *destination, const float *left, size_t row, size_t column, const float *right,
    size_t rows, size_t depth, size_t columns) {
  const left_factor factor = {left, row, column};
  strided_product(destination, columns, factor, right, columns, rows, depth, columns, 1);
}
