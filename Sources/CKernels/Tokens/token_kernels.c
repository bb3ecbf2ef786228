#include "token_kernels.h"

#include <string.h>

#include "../every_processor.h"

// The numbers of a place.
enum { fields = 3, id_field = 0, mask_field = 1, type_field = 2 };

static inline size_t row_of(float number, size_t rows) {
  if (!(number > 0)) return 0;
  const size_t row = (size_t)number;
  return row < rows ? row : rows - 1;
}

// The row of the table of places; `counted` is the number of places before that were counted.
static inline size_t place_row(
    const float *token, size_t place, size_t *counted, token_tables tables) {
  if (tables.counted_without < 0) return place < tables.places ? place : tables.places - 1;
  const size_t first = (size_t)tables.counted_without;
  size_t row = first;
  if (token[id_field] != (float)tables.counted_without) row = first + ++*counted;
  return row < tables.places ? row : tables.places - 1;
}

EVERY_PROCESSOR void token_embed(
    float *destination, const float *tokens, size_t batch, size_t length, size_t width,
    token_tables tables, const float *words, const float *places, const float *types) {
  for (size_t b = 0; b < batch; b++) {
    size_t counted = 0;
    for (size_t i = 0; i < length; i++) {
      const float *token = tokens + (b * length + i) * fields;
      float *y = destination + (b * length + i) * width;
      const float *word = words + row_of(token[id_field], tables.words) * width;
      for (size_t c = 0; c < width; c++) y[c] = word[c];
      if (tables.places > 0) {
        const float *place = places + place_row(token, i, &counted, tables) * width;
        for (size_t c = 0; c < width; c++) y[c] += place[c];
      }
      if (tables.types > 0) {
        const float *type = types + row_of(token[type_field], tables.types) * width;
        for (size_t c = 0; c < width; c++) y[c] += type[c];
      }
    }
  }
}

EVERY_PROCESSOR void token_embed_gradient(
    float *words, float *places, float *types, const float *gradient, const float *tokens,
    size_t batch, size_t length, size_t width, token_tables tables) {
  if (words != NULL) memset(words, 0, tables.words * width * sizeof(float));
  if (places != NULL) memset(places, 0, tables.places * width * sizeof(float));
  if (types != NULL) memset(types, 0, tables.types * width * sizeof(float));
  for (size_t b = 0; b < batch; b++) {
    size_t counted = 0;
    for (size_t i = 0; i < length; i++) {
      const float *token = tokens + (b * length + i) * fields;
      const float *g = gradient + (b * length + i) * width;
      if (words != NULL) {
        float *word = words + row_of(token[id_field], tables.words) * width;
        for (size_t c = 0; c < width; c++) word[c] += g[c];
      }
      if (places != NULL) {
        float *place = places + place_row(token, i, &counted, tables) * width;
        for (size_t c = 0; c < width; c++) place[c] += g[c];
      }
      if (types != NULL) {
        float *type = types + row_of(token[type_field], tables.types) * width;
        for (size_t c = 0; c < width; c++) type[c] += g[c];
      }
    }
  }
}

static inline int is_token(const float *tokens, size_t place) {
  return tokens[place * fields + mask_field] != 0;
}

// The first place with a token, or the last one; `length` if there is none.
static inline size_t first_token(const float *tokens, size_t length) {
  size_t place = 0;
  while (place < length && !is_token(tokens, place)) place++;
  return place;
}

static inline size_t last_token(const float *tokens, size_t length) {
  for (size_t place = length; place > 0; place--)
    if (is_token(tokens, place - 1)) return place - 1;
  return length;
}

static inline size_t token_count(const float *tokens, size_t length) {
  size_t count = 0;
  for (size_t place = 0; place < length; place++) count += is_token(tokens, place) ? 1 : 0;
  return count;
}

EVERY_PROCESSOR void token_pool(
    float *destination, const float *source, const float *tokens, size_t batch, size_t length,
    size_t width, token_pool_kind kind) {
  for (size_t b = 0; b < batch; b++) {
    const float *t = tokens + b * length * fields, *x = source + b * length * width;
    float *y = destination + b * width;
    const size_t first = first_token(t, length), last = last_token(t, length);
    for (size_t c = 0; c < width; c++) y[c] = 0;
    if (first == length) continue;
    switch (kind) {
      case token_pool_first:
      case token_pool_last: {
        const float *row = x + (kind == token_pool_first ? first : last) * width;
        for (size_t c = 0; c < width; c++) y[c] = row[c];
        break;
      }
      case token_pool_mean: {
        const float share = 1 / (float)token_count(t, length);
        for (size_t i = first; i <= last; i++) {
          if (!is_token(t, i)) continue;
          for (size_t c = 0; c < width; c++) y[c] += x[i * width + c];
        }
        for (size_t c = 0; c < width; c++) y[c] *= share;
        break;
      }
      case token_pool_maximum: {
        for (size_t c = 0; c < width; c++) y[c] = x[first * width + c];
        for (size_t i = first + 1; i <= last; i++) {
          if (!is_token(t, i)) continue;
          for (size_t c = 0; c < width; c++) {
            const float value = x[i * width + c];
            y[c] = value > y[c] ? value : y[c];
          }
        }
        break;
      }
    }
  }
}

EVERY_PROCESSOR void token_pool_gradient(
    float *source_gradient, const float *gradient, const float *source, const float *tokens,
    size_t batch, size_t length, size_t width, token_pool_kind kind) {
  memset(source_gradient, 0, batch * length * width * sizeof(float));
  for (size_t b = 0; b < batch; b++) {
    const float *t = tokens + b * length * fields, *x = source + b * length * width;
    const float *g = gradient + b * width;
    float *d = source_gradient + b * length * width;
    const size_t first = first_token(t, length), last = last_token(t, length);
    if (first == length) continue;
    switch (kind) {
      case token_pool_first:
      case token_pool_last: {
        float *row = d + (kind == token_pool_first ? first : last) * width;
        for (size_t c = 0; c < width; c++) row[c] = g[c];
        break;
      }
      case token_pool_mean: {
        const float share = 1 / (float)token_count(t, length);
        for (size_t i = first; i <= last; i++) {
          if (!is_token(t, i)) continue;
          for (size_t c = 0; c < width; c++) d[i * width + c] = g[c] * share;
        }
        break;
      }
      case token_pool_maximum: {
        // The first of several equal maxima gets the gradient.
        for (size_t c = 0; c < width; c++) {
          size_t best = first;
          for (size_t i = first + 1; i <= last; i++)
            if (is_token(t, i) && x[i * width + c] > x[best * width + c]) best = i;
          d[best * width + c] = g[c];
        }
        break;
      }
    }
  }
}
