#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

int cimages_decode(
    const unsigned char *bytes, size_t count, uint64_t most_pixels,
    const struct cimages_wish *wish, struct cimages_picture *picture) {
  static const unsigned char png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  memset(picture, 0, sizeof *picture);
  if (count == 0) {
    cimages_say(picture, "it is empty");
    return 0;
  }
  if (count >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF) {
    return cimages_decode_jpeg(bytes, count, most_pixels, wish, picture);
  }
  if (count >= sizeof png && memcmp(bytes, png, sizeof png) == 0) {
    return cimages_decode_png(bytes, count, most_pixels, picture);
  }
  cimages_say(picture, "it is neither a JPEG nor a PNG file");
  return 0;
}

void cimages_release(struct cimages_picture *picture) {
  free(picture->pixels);
  free(picture->exif);
  picture->pixels = NULL;
  picture->exif = NULL;
}

void cimages_say(struct cimages_picture *picture, const char *format, ...) {
  va_list values;
  va_start(values, format);
  vsnprintf(picture->message, sizeof picture->message, format, values);
  va_end(values);
}

int cimages_allows(struct cimages_picture *picture, uint64_t most_pixels) {
  const uint64_t pixels = (uint64_t)picture->width * picture->height;
  picture->columns = picture->width;
  if (pixels == 0) {
    cimages_say(picture, "it has no pixels");
    return 0;
  }
  if (pixels <= most_pixels) return 1;
  cimages_say(
      picture, "it has %u × %u pixels, more than the limit of %llu", picture->width,
      picture->height, (unsigned long long)most_pixels);
  return 0;
}

int cimages_allocate(struct cimages_picture *picture) {
  const uint64_t bytes = (uint64_t)picture->columns * picture->height * picture->channels;
  picture->pixels = bytes > SIZE_MAX ? NULL : malloc((size_t)bytes);
  if (picture->pixels != NULL) return 1;
  cimages_say(picture, "its pixels take more memory than there is");
  return 0;
}

void cimages_keep_exif(struct cimages_picture *picture, const unsigned char *bytes, size_t count) {
  if (picture->exif != NULL || count == 0) return;
  picture->exif = malloc(count);
  if (picture->exif == NULL) return;
  memcpy(picture->exif, bytes, count);
  picture->exif_count = count;
}
