// Decodes JPEG with libjpeg and PNG with libpng. Both report errors by a jump out of the decoder,
// which ends within these functions: no frame of Swift is ever jumped over.
#ifndef TLBENCH_CIMAGES_H
#define TLBENCH_CIMAGES_H

#include <stddef.h>
#include <stdint.h>

// The longest message of an error, its end included.
#define CIMAGES_MESSAGE 200

// A decoded picture: 8 bits per value, rows from the top, without padding.
struct cimages_picture {
  uint32_t width, height;
  // 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha or, if `is_cmyk` is set, CMYK.
  uint32_t channels;
  // Whether the values are those of four inks, stored as Adobe does: 0 is the full ink.
  int is_cmyk;
  // Whether the values had 16 bits: those of grey pictures are rounded, others cut, as by Pillow.
  int had_16_bits;
  // The number of the decoder's warnings about damaged data.
  long warnings;
  // The columns that were decoded: all of them, or some that have those that were asked for.
  uint32_t first_column, columns;
  // `columns * height * channels` values.
  unsigned char *pixels;
  // The EXIF data from the header of TIFF on; null if there are none.
  unsigned char *exif;
  size_t exif_count;
  // Why the picture cannot be decoded.
  char message[CIMAGES_MESSAGE];
};

// Asks for columns of a picture of which the width, height, channels and EXIF data are known.
struct cimages_wish {
  // Sets the first one and the number of the columns that are needed, which were set to all. It
  // returns before any error of the decoder.
  void (*choose)(
      void *context, const struct cimages_picture *header, uint32_t *first, uint32_t *count);
  void *context;
};

// Decodes a whole file in memory, whose format is recognized by its first bytes. Returns 1, or 0
// with a message. What was allocated is released by `cimages_release` in both cases.
//
// Columns that the wish does not ask for may be left out; the others have the same pixels as
// without it. Data that end too early are an error. Limits against bombs: `most_pixels`, and 100
// scans of a progressive JPEG.
int cimages_decode(
    const unsigned char *bytes, size_t count, uint64_t most_pixels,
    const struct cimages_wish *wish, struct cimages_picture *picture);

void cimages_release(struct cimages_picture *picture);

#endif
