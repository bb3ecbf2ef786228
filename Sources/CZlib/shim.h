// The part of zlib that is used. Swift cannot import inflateInit2, a macro that passes the size of
// a struct.
#ifndef TLBENCH_CZLIB_SHIM_H
#define TLBENCH_CZLIB_SHIM_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

// Decompresses a raw deflate stream, as in zip archives, without a header of zlib or gzip. Returns
// 1 if the stream ends properly, uses the whole source and fills the destination exactly; else 0.
static inline int czlib_inflate(
    const unsigned char *source, size_t source_count, unsigned char *destination, size_t count) {
  if (source_count > UINT_MAX || count > UINT_MAX) return 0;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return 0;
  stream.next_in = (Bytef *)source;
  stream.avail_in = (uInt)source_count;
  stream.next_out = destination;
  stream.avail_out = (uInt)count;
  const int status = inflate(&stream, Z_FINISH);
  const int fits = status == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  return fits;
}

// The CRC-32 of some bytes, in parts, since zlib's count has 32 bits.
static inline uint32_t czlib_crc32(const unsigned char *_Nullable bytes, size_t count) {
  uLong checksum = crc32(0, NULL, 0);
  while (count > 0) {
    const uInt part = count > UINT_MAX ? UINT_MAX : (uInt)count;
    checksum = crc32(checksum, bytes, part);
    bytes += part;
    count -= part;
  }
  return (uint32_t)checksum;
}

#endif
