#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include "internal.h"

// Each scan of a progressive file goes over all pixels; no encoder writes as many.
enum { MOST_SCANS = 100 };

struct context {
  // First, since the library passes its address on.
  struct jpeg_error_mgr errors;
  struct jpeg_decompress_struct decoder;
  struct jpeg_progress_mgr progress;
  struct cimages_picture *picture;
  uint64_t most_pixels;
  const struct cimages_wish *wish;
  jmp_buf recovery;
};

static struct context *context_of(j_common_ptr decoder) {
  return (struct context *)decoder->err;
}

static void fail(j_common_ptr decoder) { longjmp(context_of(decoder)->recovery, 1); }

static void fail_with_its_message(j_common_ptr decoder) {
  char message[JMSG_LENGTH_MAX];
  decoder->err->format_message(decoder, message);
  cimages_say(context_of(decoder)->picture, "libjpeg says: %s", message);
  fail(decoder);
}

// Counts warnings, and prints nothing.
static void count_message(j_common_ptr decoder, int level) {
  if (level < 0) decoder->err->num_warnings++;
}

// The library would go on with grey pixels.
static boolean fail_at_the_end(j_decompress_ptr decoder) {
  cimages_say(context_of((j_common_ptr)decoder)->picture, "it ends too early");
  fail((j_common_ptr)decoder);
  return FALSE;
}

static void check_scans(j_common_ptr decoder) {
  if (((j_decompress_ptr)decoder)->input_scan_number <= MOST_SCANS) return;
  cimages_say(context_of(decoder)->picture, "it has more than %d scans", MOST_SCANS);
  fail(decoder);
}

static void find_exif(struct context *context) {
  static const unsigned char name[6] = {'E', 'x', 'i', 'f', 0, 0};
  for (jpeg_saved_marker_ptr marker = context->decoder.marker_list; marker != NULL;
       marker = marker->next) {
    if (marker->marker == JPEG_APP0 + 1 && marker->data_length > sizeof name
        && memcmp(marker->data, name, sizeof name) == 0) {
      cimages_keep_exif(
          context->picture, marker->data + sizeof name, marker->data_length - sizeof name);
    }
  }
}

// Leaves out blocks of columns, if the library can, in files of the usual sampling.
//
// The library interpolates colours between columns. At both ends of what it decodes it has only one
// neighbour, so that some columns more are decoded.
static void leave_columns_out(struct context *context) {
#if defined(LIBJPEG_TURBO_VERSION_NUMBER) && LIBJPEG_TURBO_VERSION_NUMBER >= 2001000
  enum { MORE = 4 };
  j_decompress_ptr decoder = &context->decoder;
  struct cimages_picture *picture = context->picture;
  if (decoder->num_components != 3 || jpeg_has_multiple_scans(decoder)) return;
  const jpeg_component_info *component = decoder->comp_info;
  if (component[0].h_samp_factor > 2 || component[0].v_samp_factor > 2) return;
  for (int i = 1; i < 3; i++) {
    if (component[i].h_samp_factor != 1 || component[i].v_samp_factor != 1) return;
  }
  uint32_t first = 0, count = picture->width;
  context->wish->choose(context->wish->context, picture, &first, &count);
  if (count == 0 || first >= picture->width || count > picture->width - first) return;
  const uint32_t start = first > MORE ? first - MORE : 0;
  const uint32_t rest = picture->width - (first + count);
  JDIMENSION offset = start, width = first + count + (rest < MORE ? rest : MORE) - start;
  if (width == picture->width) return;
  jpeg_crop_scanline(decoder, &offset, &width);
  picture->first_column = offset;
  picture->columns = width;
#else
  (void)context;
#endif
}

static void decode(struct context *context, const unsigned char *bytes, size_t count) {
  j_decompress_ptr decoder = &context->decoder;
  struct cimages_picture *picture = context->picture;
  jpeg_mem_src(decoder, (unsigned char *)bytes, (unsigned long)count);
  decoder->src->fill_input_buffer = fail_at_the_end;
  jpeg_save_markers(decoder, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(decoder, TRUE);
  find_exif(context);
  picture->width = decoder->image_width;
  picture->height = decoder->image_height;
  picture->channels = (uint32_t)decoder->num_components;
  if (!cimages_allows(picture, context->most_pixels)) fail((j_common_ptr)decoder);
  switch (decoder->num_components) {
    case 1: decoder->out_color_space = JCS_GRAYSCALE; break;
    case 3: decoder->out_color_space = JCS_RGB; break;
    case 4: decoder->out_color_space = JCS_CMYK; break;
    default:
      cimages_say(picture, "it has %d components", decoder->num_components);
      fail((j_common_ptr)decoder);
  }
  picture->is_cmyk = decoder->num_components == 4;
  context->progress.progress_monitor = check_scans;
  decoder->progress = &context->progress;
  jpeg_start_decompress(decoder);
  leave_columns_out(context);
  if (!cimages_allocate(picture)) fail((j_common_ptr)decoder);
  const size_t row = (size_t)picture->columns * picture->channels;
  while (decoder->output_scanline < decoder->output_height) {
    JSAMPROW target = picture->pixels + decoder->output_scanline * row;
    if (jpeg_read_scanlines(decoder, &target, 1) != 1) fail_at_the_end(decoder);
  }
  jpeg_finish_decompress(decoder);
  picture->warnings = context->errors.num_warnings;
}

// A function of its own, whose variables are not changed between the two returns of `setjmp`.
static int attempt(struct context *context, const unsigned char *bytes, size_t count) {
  if (setjmp(context->recovery) != 0) return 0;
  jpeg_create_decompress(&context->decoder);
  decode(context, bytes, count);
  return 1;
}

int cimages_decode_jpeg(
    const unsigned char *bytes, size_t count, uint64_t most_pixels,
    const struct cimages_wish *wish, struct cimages_picture *picture) {
  struct context context;
  memset(&context, 0, sizeof context);
  context.picture = picture;
  context.most_pixels = most_pixels;
  context.wish = wish;
  context.decoder.err = jpeg_std_error(&context.errors);
  context.errors.error_exit = fail_with_its_message;
  context.errors.emit_message = count_message;
  const int is_decoded = attempt(&context, bytes, count);
  jpeg_destroy_decompress(&context.decoder);
  return is_decoded;
}
