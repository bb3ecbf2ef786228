// Computations on sequences of tokens: embedding, attention and pooling.
//
// Sequences are [batch, length, width] without gaps, except where a stride is given. `tokens` is
// [batch, length, 3]: for each place its id, whether it holds a token (0 for padding), and its
// type. No argument may overlap another.

#ifndef TOKEN_KERNELS_H
#define TOKEN_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The rows of the tables that a place reads; a table with 0 rows does not exist.
typedef struct {
  size_t words, places, types;
  /// The id that places are counted by: the k-th place whose id is another reads the row k + id,
  /// and places of this id read its row. Negative if places are counted from 0.
  int64_t counted_without;
} token_tables;

/// destination = words[id] + places[place] + types[type]; numbers beyond a table become its last
/// row.
void token_embed(
    float *_Nonnull destination, const float *_Nonnull tokens, size_t batch, size_t length,
    size_t width, token_tables tables, const float *_Nonnull words,
    const float *_Nullable places, const float *_Nullable types);
/// The gradients of the tables, summed in the order of the places; those that are NULL are not
/// computed.
void token_embed_gradient(
    float *_Nullable words, float *_Nullable places, float *_Nullable types,
    const float *_Nonnull gradient, const float *_Nonnull tokens, size_t batch, size_t length,
    size_t width, token_tables tables);

typedef struct {
  size_t batch, length, heads;
  /// The width of one head.
  size_t size;
} attention_size;

/// Numbers of working memory that attention needs.
size_t token_attention_scratch(attention_size size);
/// For each head, softmax(query × key' / sqrt(size)) × value over the places that hold a token and,
/// if `is_causal`, are not after the query's. Rows of query, key and value are `stride` apart. A
/// place after the last token becomes zero, as does one without any place to attend to.
void token_attention(
    float *_Nonnull destination, const float *_Nonnull query, const float *_Nonnull key,
    const float *_Nonnull value, size_t stride, const float *_Nonnull tokens, attention_size size,
    int is_causal, float *_Nonnull scratch);
/// The gradients of query, key and value, with the same stride.
void token_attention_gradient(
    float *_Nonnull query_gradient, float *_Nonnull key_gradient, float *_Nonnull value_gradient,
    const float *_Nonnull gradient, const float *_Nonnull query, const float *_Nonnull key,
    const float *_Nonnull value, size_t stride, const float *_Nonnull tokens, attention_size size,
    int is_causal, float *_Nonnull scratch);

/// What relative attention adds to queries, [width], and the vectors of the same and of another
/// segment, [2, width].
typedef struct {
  const float *_Nonnull content, *_Nonnull position, *_Nonnull segment, *_Nonnull segments;
} relative_biases;

/// The gradients of relative_biases.
typedef struct {
  float *_Nonnull content, *_Nonnull position, *_Nonnull segment, *_Nonnull segments;
} relative_gradients;

/// Numbers of working memory that relative attention needs.
size_t token_relative_scratch(attention_size size);
/// For each head, attention whose scores depend on content, distance and segments: (query +
/// content) × key' + (query + position) × distance' + (query + segment) × segment', divided by
/// sqrt(size). `distances` is [2 length, width]: row p belongs to a query that is length - p places
/// after the key. Places without a token are left out, except that each sees itself.
void token_relative_attention(
    float *_Nonnull destination, const float *_Nonnull query, const float *_Nonnull key,
    const float *_Nonnull value, const float *_Nonnull distances, relative_biases biases,
    const float *_Nonnull tokens, attention_size size, float *_Nonnull scratch);
/// The gradients of query, key, value, distances and biases.
void token_relative_attention_gradient(
    float *_Nonnull query_gradient, float *_Nonnull key_gradient, float *_Nonnull value_gradient,
    float *_Nonnull distance_gradient, relative_gradients bias_gradients,
    const float *_Nonnull gradient, const float *_Nonnull query, const float *_Nonnull key,
    const float *_Nonnull value, const float *_Nonnull distances, relative_biases biases,
    const float *_Nonnull tokens, attention_size size, float *_Nonnull scratch);

/// destination = left × right: element (i, k) of left, [rows, depth], is at i × row + k × column;
/// right is [depth, columns] and the destination [rows, columns], row by row.
void token_product(
    float *_Nonnull destination, const float *_Nonnull left, size_t row, size_t column,
    const float *_Nonnull right, size_t rows, size_t depth, size_t columns);

typedef enum {
  token_pool_mean,
  token_pool_maximum,
  token_pool_first,
  token_pool_last,
} token_pool_kind;

/// One vector per sequence from the places that hold a token: [batch, width].
void token_pool(
    float *_Nonnull destination, const float *_Nonnull source, const float *_Nonnull tokens,
    size_t batch, size_t length, size_t width, token_pool_kind kind);
/// The gradient of the source of token_pool.
void token_pool_gradient(
    float *_Nonnull source_gradient, const float *_Nonnull gradient, const float *_Nonnull source,
    const float *_Nonnull tokens, size_t batch, size_t length, size_t width, token_pool_kind kind);

#ifdef __cplusplus
}
#endif

#endif
