// What the decoders of both formats share.
#ifndef TLBENCH_CIMAGES_INTERNAL_H
#define TLBENCH_CIMAGES_INTERNAL_H

#include "cimages.h"

int cimages_decode_jpeg(
    const unsigned char *bytes, size_t count, uint64_t most_pixels,
    const struct cimages_wish *wish, struct cimages_picture *picture);
int cimages_decode_png(
    const unsigned char *bytes, size_t count, uint64_t most_pixels,
    struct cimages_picture *picture);

// Sets the message of the picture.
void cimages_say(struct cimages_picture *picture, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Returns 1 if the size is allowed, and 0 with a message otherwise.
int cimages_allows(struct cimages_picture *picture, uint64_t most_pixels);

// Allocates the pixels of the columns; returns 0 with a message if there is no memory.
int cimages_allocate(struct cimages_picture *picture);

// Keeps a copy of the EXIF data; without memory there are none.
void cimages_keep_exif(struct cimages_picture *picture, const unsigned char *bytes, size_t count);

#endif
