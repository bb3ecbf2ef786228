// Exponentials of numbers up to zero, eight or more at a time; not visible to Swift.
//
// exp(x) = 2^n exp(r), where n is the integer nearest to x / ln 2 and r = x - n ln 2 is computed in
// two parts (Cody and Waite, "Software Manual for the Elementary Functions", 1980). |r| is at most
// ln 2 / 2, where the remainder of Taylor's series is below 2e-16 of the value after the term of
// degree 12, and below 6e-9 after degree 7; rounding adds less than 2 units in the last place.

#pragma once

#include <stdint.h>

typedef float floats8 __attribute__((ext_vector_type(8), aligned(4)));
typedef int32_t integers8 __attribute__((ext_vector_type(8), aligned(4)));
typedef double doubles8 __attribute__((ext_vector_type(8), aligned(8)));
typedef int64_t bits8 __attribute__((ext_vector_type(8), aligned(8)));

/// A mask of 32-bit lanes, converted to 64-bit lanes. A macro because vectors cannot be passed by
/// value between functions for different processors.
#define WIDENED(mask) __builtin_convertvector(mask, bits8)

/// Replaces values with their exponentials; they are zero below -708, where they would hardly be
/// normal numbers. NaN stays NaN.
static inline __attribute__((always_inline)) void exponential8(doubles8 *values) {
  const doubles8 x = *values;
  // Adding this leaves the nearest integer in the low bits.
  const double shift = 0x1.8p52;
  const doubles8 shifted = x * 0x1.71547652b82fep+0 + shift;
  const doubles8 n = shifted - shift;
  const doubles8 r = (x - n * 0x1.62e42fefa38p-1) - n * 0x1.ef35793c7673p-45;
  doubles8 p = r * (1.0 / 479001600) + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  const bits8 exponent = ((bits8)shifted + 1023) << 52;
  *values = x < -708 ? (doubles8)0.0 : p * (doubles8)exponent;
}

/// The exponential of a number up to zero: zero below -87, where it would hardly be a normal
/// number; NaN stays NaN. The compiler vectorizes a plain loop over this function.
static inline __attribute__((always_inline)) float exponential(float x) {
  const float shift = 0x1.8p23f;
  const float shifted = x * 0x1.715476p+0f + shift;
  const float n = shifted - shift;
  const float r = (x - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
  float p = r * (1.0f / 5040) + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1;
  p = p * r + 1;
  uint32_t bits;
  __builtin_memcpy(&bits, &shifted, 4);
  bits = (bits + 127) << 23;
  float power;
  __builtin_memcpy(&power, &bits, 4);
  return x < -87 ? 0 : p * power;
}
