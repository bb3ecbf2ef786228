#include <math.h>
#include <string.h>

#include "../every_processor.h"
#include "../exponential.h"
#include "strided_product.h"
#include "token_kernels.h"

// The numbers of a place, and which of them says whether there is a token.
enum { fields = 3, mask_field = 1 };

// What is added to the scores of places that are left out.
static const float masked = -1e30f;

// The number of places up to the last token.
static inline size_t used_places(const float *tokens, size_t length) {
  while (length > 0 && tokens[(length - 1) * fields + mask_field] == 0) length--;
  return length;
}

size_t token_attention_scratch(attention_size size) {
  return size.length * (size.size + 2 * size.length + 1);
}

// Turns scores [places, places] in rows of `stride` numbers into probabilities; `penalties` has
// what is added for each key.
static inline __attribute__((always_inline)) void softmax_rows(
    float *scores, size_t stride, size_t places, const float *penalties, int is_causal) {
  for (size_t i = 0; i < places; i++) {
    float *s = scores + i * stride;
    const size_t seen = is_causal ? i + 1 : places;
    float most = masked;
    for (size_t j = 0; j < seen; j++) {
      s[j] += penalties[j];
      most = s[j] > most ? s[j] : most;
    }
    for (size_t j = seen; j < places; j++) s[j] = 0;
    if (most <= masked / 2) {
      for (size_t j = 0; j < seen; j++) s[j] = 0;
      continue;
    }
    for (size_t j = 0; j < seen; j++) s[j] = exponential(s[j] - most);
    float sum = 0;
    for (size_t j = 0; j < seen; j++) sum += s[j];
    const float inverse = 1 / sum;
    for (size_t j = 0; j < seen; j++) s[j] *= inverse;
  }
}

static inline __attribute__((always_inline)) void set_penalties(
    float *penalties, const float *tokens, size_t places) {
  for (size_t j = 0; j < places; j++)
    penalties[j] = tokens[j * fields + mask_field] != 0 ? 0 : masked;
}

// The probabilities of one head: [places, places] in rows of `length` numbers.
static inline __attribute__((always_inline)) void probabilities(
    float *scores, float *turned, const float *penalties, const float *query, const float *key,
    size_t stride, size_t places, attention_size size, int is_causal) {
  const float scale = 1 / sqrtf((float)size.size);
  transpose(turned, size.length, key, stride, places, size.size);
  const left_factor left = {query, stride, 1};
  strided_product(
      scores, size.length, left, turned, size.length, places, size.size, places, scale);
  softmax_rows(scores, size.length, places, penalties, is_causal);
}

EVERY_PROCESSOR void token_attention(
    float *destination, const float *query, const float *key, const float *value, size_t stride,
    const float *tokens, attention_size size, int is_causal, float *scratch) {
  const size_t width = size.heads * size.size, length = size.length;
  float *turned = scratch, *scores = turned + length * size.size;
  float *penalties = scores + 2 * length * length;
  for (size_t b = 0; b < size.batch; b++) {
    const size_t places = used_places(tokens + b * length * fields, length);
    set_penalties(penalties, tokens + b * length * fields, places);
    float *y = destination + b * length * width;
    memset(y + places * width, 0, (length - places) * width * sizeof(float));
    for (size_t h = 0; h < size.heads; h++) {
      const size_t start = b * length * stride + h * size.size;
      probabilities(
          scores, turned, penalties, query + start, key + start, stride, places, size, is_causal);
      const left_factor left = {scores, length, 1};
      strided_product(
          y + h * size.size, width, left, value + start, stride, places, places, size.size, 1);
    }
  }
}

static inline void clear_rows(float *rows, size_t stride, size_t first, size_t end, size_t width) {
  for (size_t i = first; i < end; i++) memset(rows + i * stride, 0, width * sizeof(float));
}

EVERY_PROCESSOR void token_attention_gradient(
    float *query_gradient, float *key_gradient, float *value_gradient, const float *gradient,
    const float *query, const float *key, const float *value, size_t stride, const float *tokens,
    attention_size size, int is_causal, float *scratch) {
  const size_t width = size.heads * size.size, length = size.length;
  const float scale = 1 / sqrtf((float)size.size);
  float *turned = scratch, *scores = turned + length * size.size;
  float *changes = scores + length * length, *penalties = changes + length * length;
  for (size_t b = 0; b < size.batch; b++) {
    const size_t places = used_places(tokens + b * length * fields, length);
    set_penalties(penalties, tokens + b * length * fields, places);
    const size_t row = b * length * stride;
    clear_rows(query_gradient + row, stride, places, length, width);
    clear_rows(key_gradient + row, stride, places, length, width);
    clear_rows(value_gradient + row, stride, places, length, width);
    for (size_t h = 0; h < size.heads; h++) {
      const size_t start = row + h * size.size;
      const float *g = gradient + b * length * width + h * size.size;
      probabilities(
          scores, turned, penalties, query + start, key + start, stride, places, size, is_causal);
      const left_factor from_keys = {scores, 1, length};
      strided_product(
          value_gradient + start, stride, from_keys, g, width, places, places, size.size, 1);
      transpose(turned, length, value + start, stride, places, size.size);
      const left_factor of_output = {g, width, 1};
      strided_product(
          changes, length, of_output, turned, length, places, size.size, places, 1);
      for (size_t i = 0; i < places; i++) {
        const float *p = scores + i * length;
        float *c = changes + i * length;
        float mean = 0;
        for (size_t j = 0; j < places; j++) mean += p[j] * c[j];
        for (size_t j = 0; j < places; j++) c[j] = p[j] * (c[j] - mean);
      }
      const left_factor by_query = {changes, length, 1}, by_key = {changes, 1, length};
      strided_product(
          query_gradient + start, stride, by_query, key + start, stride, places, places,
          size.size, scale);
      strided_product(
          key_gradient + start, stride, by_key, query + start, stride, places, places, size.size,
          scale);
    }
  }
}
