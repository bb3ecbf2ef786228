#include <setjmp.h>
#include <string.h>

#include <png.h>

#include "internal.h"

struct context {
  png_structp decoder;
  png_infop info;
  struct cimages_picture *picture;
  uint64_t most_pixels;
  const unsigned char *bytes;
  size_t rest;
  jmp_buf recovery;
};

static void fail(struct context *context) { longjmp(context->recovery, 1); }

static void fail_with_its_message(png_structp decoder, png_const_charp message) {
  struct context *context = png_get_error_ptr(decoder);
  cimages_say(context->picture, "libpng says: %s", message);
  fail(context);
}

// Prints nothing: libpng warns of what it can go on with, such as a wrong profile of colours.
static void ignore(png_structp decoder, png_const_charp message) {
  (void)decoder;
  (void)message;
}

static void read_bytes(png_structp decoder, png_bytep target, size_t count) {
  struct context *context = png_get_io_ptr(decoder);
  if (count > context->rest) {
    cimages_say(context->picture, "it ends too early");
    fail(context);
  }
  memcpy(target, context->bytes, count);
  context->bytes += count;
  context->rest -= count;
}

// Makes the values bytes, and transparent colours an alpha channel.
static void set_transformations(png_structp decoder, png_infop info, int depth, int type) {
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(decoder);
  if (type == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(decoder);
  if (png_get_valid(decoder, info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(decoder);
  if (depth == 16) {
    if (type == PNG_COLOR_TYPE_GRAY) {
      png_set_scale_16(decoder);
    } else {
      png_set_strip_16(decoder);
    }
  }
}

static void find_exif(struct context *context) {
#ifdef PNG_eXIf_SUPPORTED
  png_uint_32 count = 0;
  png_bytep bytes = NULL;
  if (png_get_eXIf_1(context->decoder, context->info, &count, &bytes)) {
    cimages_keep_exif(context->picture, bytes, count);
  }
#else
  (void)context;
#endif
}

static void decode(struct context *context) {
  png_structp decoder = context->decoder;
  png_infop info = context->info;
  struct cimages_picture *picture = context->picture;
  png_set_read_fn(decoder, context, read_bytes);
  // Other chunks than those of the pixels and their orientation are not even decompressed.
  png_set_keep_unknown_chunks(decoder, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_keep_unknown_chunks(
      decoder, PNG_HANDLE_CHUNK_AS_DEFAULT, (png_const_bytep) "eXIf", 1);
  png_read_info(decoder, info);
  int depth = 0, type = 0;
  png_get_IHDR(
      decoder, info, &picture->width, &picture->height, &depth, &type, NULL, NULL, NULL);
  if (!cimages_allows(picture, context->most_pixels)) fail(context);
  picture->had_16_bits = depth == 16;
  set_transformations(decoder, info, depth, type);
  const int passes = png_set_interlace_handling(decoder);
  png_read_update_info(decoder, info);
  picture->channels = png_get_channels(decoder, info);
  const size_t row = (size_t)picture->width * picture->channels;
  if (png_get_rowbytes(decoder, info) != row) {
    cimages_say(picture, "its values do not become bytes");
    fail(context);
  }
  if (!cimages_allocate(picture)) fail(context);
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < picture->height; y++) {
      png_read_row(decoder, picture->pixels + y * row, NULL);
    }
  }
  png_read_end(decoder, info);
  find_exif(context);
}

// A function of its own, whose variables are not changed between the two returns of `setjmp`.
static int attempt(struct context *context) {
  if (setjmp(context->recovery) != 0) return 0;
  context->decoder =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, context, fail_with_its_message, ignore);
  if (context->decoder != NULL) context->info = png_create_info_struct(context->decoder);
  if (context->info == NULL) {
    cimages_say(context->picture, "there is no memory to decode it");
    return 0;
  }
  decode(context);
  return 1;
}

int cimages_decode_png(
    const unsigned char *bytes, size_t count, uint64_t most_pixels,
    struct cimages_picture *picture) {
  struct context context;
  memset(&context, 0, sizeof context);
  context.picture = picture;
  context.most_pixels = most_pixels;
  context.bytes = bytes;
  context.rest = count;
  const int is_decoded = attempt(&context);
  png_destroy_read_struct(&context.decoder, &context.info, NULL);
  return is_decoded;
}
