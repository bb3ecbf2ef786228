// The parts of libhdf5 that Swift cannot import by itself. Four kinds of names need a wrapper:
//  - Identifiers such as H5T_NATIVE_FLOAT are macros that call H5open() and then read a global
//    variable. Swift sees only the global, refuses it in Swift 6 mode (shared mutable state), and
//    its value is -1 before H5open(). A function that expands the macro avoids all three.
//  - Flags such as H5F_ACC_TRUNC expand to comma expressions or casts, which are not imported.
//  - Functions that are macros since some version (H5Literate, H5Lget_info) choose a variant with
//    its own struct. Behind one signature, the same Swift code compiles against 1.10 to 2.2.
//  - Constants change their type between versions: H5S_ALL is a hid_t in 1.10 and an Int32 in 1.14.
//    So the Swift code uses no macro of the library; Tests/Systems/check_hdf5_headers.py checks it.
#ifndef TLBENCH_CHDF5_SHIM_H
#define TLBENCH_CHDF5_SHIM_H

#include <hdf5.h>
#include <hdf5_hl.h>

// H5P_DEFAULT and H5E_DEFAULT are imported as Int32, but every function wants a 64-bit hid_t.
static inline hid_t ch5_default(void) { return H5P_DEFAULT; }

// The whole of a dataset as the selection of a transfer, in memory and in the file.
static inline hid_t ch5_all(void) { return H5S_ALL; }

// The invalid identifier.
static inline hid_t ch5_nothing(void) { return H5I_INVALID_HID; }

// Whether a filter is part of the library: those have the numbers from deflate to scale-offset.
static inline int ch5_is_own_filter(H5Z_filter_t filter) {
  return filter >= H5Z_FILTER_DEFLATE && filter <= H5Z_FILTER_SCALEOFFSET;
}

// Memory types: macros over globals.
static inline hid_t ch5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t ch5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t ch5_native_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t ch5_native_uint16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t ch5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t ch5_native_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t ch5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t ch5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t ch5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t ch5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t ch5_c_string(void) { return H5T_C_S1; }

// Sets a variable size. H5T_VARIABLE is (size_t)-1, and size_t is imported as Int: the literal
// would overflow.
static inline herr_t ch5_set_variable_size(hid_t type) { return H5Tset_size(type, H5T_VARIABLE); }

// Property list classes: macros over globals.
static inline hid_t ch5_file_create_class(void) { return H5P_FILE_CREATE; }
static inline hid_t ch5_file_access_class(void) { return H5P_FILE_ACCESS; }
static inline hid_t ch5_group_create_class(void) { return H5P_GROUP_CREATE; }
static inline hid_t ch5_dataset_create_class(void) { return H5P_DATASET_CREATE; }
static inline hid_t ch5_link_create_class(void) { return H5P_LINK_CREATE; }

// The identifier of the default error stack.
static inline hid_t ch5_default_stack(void) { return H5E_DEFAULT; }

// File flags: comma expressions that make sure the library is open.
static inline unsigned ch5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned ch5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned ch5_read_write(void) { return H5F_ACC_RDWR; }

// Stores no creation times in object headers. A function because of hbool_t, which is an integer in
// some builds and bool in others: Swift does not convert between the two.
static inline herr_t ch5_forget_times(hid_t creation) {
  return H5Pset_obj_track_times(creation, 0);
}

// Keeps a file in memory and never writes it to disk. A function because of hbool_t.
static inline herr_t ch5_keep_in_memory(hid_t access, size_t growth) {
  return H5Pset_fapl_core(access, growth, 0);
}

// Tracked and indexed creation order, as the unsigned flag set that the setters take (the two
// macros are imported as Int32).
static inline unsigned ch5_ordered(void) {
  return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
}

// The number of open objects in all files. H5F_OBJ_ALL is an expression over unsigned macros, and
// the argument for all files is the same macro cast to hid_t.
static inline ssize_t ch5_open_object_count(void) {
  return H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL);
}

// Returns the class of a link (hard, soft, external), or H5L_TYPE_ERROR. H5Lget_info is a function
// in 1.10 and a macro over two structs since 1.12.
static inline H5L_type_t ch5_link_type(hid_t group, const char *name) {
  H5L_info_t info;
  return H5Lget_info(group, name, &info, H5P_DEFAULT) < 0 ? H5L_TYPE_ERROR : info.type;
}

// Calls the visitor with the name of every link of a group, in the order in which they are stored.
// H5Literate is versioned like H5Lget_info.
typedef herr_t (*ch5_name_visitor)(const char *name, void *context);
struct ch5_visit {
  ch5_name_visitor visitor;
  void *context;
};
static inline herr_t ch5_visit_link(
    hid_t group, const char *name, const H5L_info_t *info, void *data) {
  (void)group;
  (void)info;
  const struct ch5_visit *visit = (const struct ch5_visit *)data;
  return visit->visitor(name, visit->context);
}
static inline herr_t ch5_each_link(hid_t group, ch5_name_visitor visitor, void *context) {
  struct ch5_visit visit = {visitor, context};
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, ch5_visit_link, &visit);
}

// Calls the visitor once for every object below a group that hard links lead to, with one of its
// paths, and whether it is a dataset; a nonzero result stops. H5Ovisit is versioned like
// H5Literate.
typedef herr_t (*ch5_object_visitor)(const char *path, int is_dataset, void *context);
struct ch5_object_visit {
  ch5_object_visitor visitor;
  void *context;
};
#if H5_VERSION_GE(1, 12, 0)
typedef H5O_info2_t ch5_object_info;
#else
typedef H5O_info_t ch5_object_info;
#endif
static inline herr_t ch5_visit_object(
    hid_t group, const char *path, const ch5_object_info *info, void *data) {
  (void)group;
  const struct ch5_object_visit *visit = (const struct ch5_object_visit *)data;
  return visit->visitor(path, info->type == H5O_TYPE_DATASET, visit->context);
}
static inline herr_t ch5_each_object(hid_t group, ch5_object_visitor visitor, void *context) {
  struct ch5_object_visit visit = {visitor, context};
#if H5_VERSION_GE(1, 12, 0)
  return H5Ovisit3(
      group, H5_INDEX_NAME, H5_ITER_NATIVE, ch5_visit_object, &visit, H5O_INFO_BASIC);
#elif H5_VERSION_GE(1, 10, 3)
  return H5Ovisit2(
      group, H5_INDEX_NAME, H5_ITER_NATIVE, ch5_visit_object, &visit, H5O_INFO_BASIC);
#else
  return H5Ovisit(group, H5_INDEX_NAME, H5_ITER_NATIVE, ch5_visit_object, &visit);
#endif
}

// Whether a filter of the library only reorders bytes, or adds a checksum.
static inline int ch5_keeps_bytes(H5Z_filter_t filter) {
  return filter == H5Z_FILTER_SHUFFLE || filter == H5Z_FILTER_FLETCHER32;
}

// Registers a filter that only decodes. H5Z_class2_t contains a version that is a macro, and its
// name must outlive the call.
static inline herr_t ch5_register_decoder(H5Z_filter_t filter, H5Z_func_t decode) {
  const H5Z_class2_t decoder = {
      H5Z_CLASS_T_VERS, filter, 0, 1, "tlbench decoder", NULL, NULL, decode};
  return H5Zregister(&decoder);
}

// Whether a filter is called to decode. H5Z_FLAG_REVERSE is a macro that is imported as Int32.
static inline int ch5_is_decoding(unsigned flags) { return (flags & H5Z_FLAG_REVERSE) != 0; }

// Allocates memory that the library frees. A function because of hbool_t.
static inline void *ch5_allocate(size_t bytes) { return H5allocate_memory(bytes, 0); }

#endif
