// Preloaded into a sweep: counts its operations on the files below $FAULT_ROOT, and at one of them
// kills the process or makes the operation fail. check_kills.py and check_faults.py use it.
//
//   FAULT_ROOT  the folder, with everything below it
//   FAULT       before:K | half:K | after:K  kill at the K-th operation, counted from 1: before it,
//               after half of its bytes (writes only), or after it;
//               fail:K:ERRNO  the K-th operation fails; none  count only
//   FAULT_LOG   a file that gets a line per operation, and one per line on standard error
//   FAULT_CLOCK seconds by which the time of day jumps back at every fifth call
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_int operations;

static void note(const char *text, size_t length) {
  static int log = -2;
  if (log == -2) {
    const char *path = getenv("FAULT_LOG");
    log = path == NULL ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path,
                                           O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  // Not with the interposed functions, which would count it.
  if (log >= 0) syscall(SYS_write, log, text, length);
}

static int is_watched(const char *path) {
  const char *root = getenv("FAULT_ROOT");
  if (root == NULL || path == NULL) return 0;
  char absolute[2 * PATH_MAX + 2];
  if (path[0] == '/') {
    snprintf(absolute, sizeof absolute, "%s", path);
  } else {
    char here[PATH_MAX];
    if (getcwd(here, sizeof here) == NULL) return 0;
    snprintf(absolute, sizeof absolute, "%s/%s", here, path);
  }
  return strncmp(absolute, root, strlen(root)) == 0;
}

static int is_watched_file(int file) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  // A pipe has a name without a folder.
  return path[0] == '/' && is_watched(path);
}

enum fault { none, before, half, after, fail };

// Counts an operation, and returns the fault to cause at it.
static enum fault next(const char *operation, int *error) {
  const int number = atomic_fetch_add(&operations, 1) + 1;
  char line[64];
  note(line, (size_t)snprintf(line, sizeof line, "%s\n", operation));
  const char *wish = getenv("FAULT");
  int at = 0;
  if (wish == NULL) return none;
  const char *colon = strchr(wish, ':');
  if (colon == NULL || sscanf(colon + 1, "%d:%d", &at, error) < 1 || at != number) return none;
  if (strncmp(wish, "before", 6) == 0) return before;
  if (strncmp(wish, "half", 4) == 0) return half;
  if (strncmp(wish, "after", 5) == 0) return after;
  return strncmp(wish, "fail", 4) == 0 ? fail : none;
}

static void end(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define WATCHED(watched, name, call)           \
  do {                                         \
    if (!(watched)) return call;               \
    int error = EIO;                           \
    const enum fault fault = next(name, &error); \
    if (fault == before || fault == half) end(); \
    if (fault == fail) {                       \
      errno = error;                           \
      return -1;                               \
    }                                          \
    const int result = (int)(call);            \
    if (fault == after) end();                 \
    return result;                             \
  } while (0)

ssize_t write(int file, const void *bytes, size_t count) {
  static __typeof__(&write) real;
  if (real == NULL) real = REAL(write);
  if (file == STDERR_FILENO) note(bytes, count);
  if (file == STDERR_FILENO || !is_watched_file(file)) return real(file, bytes, count);
  int error = EIO;
  const enum fault fault = next("write", &error);
  if (fault == before) end();
  if (fault == half) {
    real(file, bytes, count / 2);
    end();
  }
  if (fault == fail) {
    errno = error;
    return -1;
  }
  const ssize_t result = real(file, bytes, count);
  if (fault == after) end();
  return result;
}

int fsync(int file) { WATCHED(is_watched_file(file), "fsync", REAL(fsync)(file)); }

int fdatasync(int file) { WATCHED(is_watched_file(file), "fdatasync", REAL(fdatasync)(file)); }

int ftruncate(int file, off_t length) {
  WATCHED(is_watched_file(file), "ftruncate", REAL(ftruncate)(file, length));
}

int rename(const char *from, const char *to) {
  WATCHED(is_watched(to), "rename", REAL(rename)(from, to));
}

int unlink(const char *path) { WATCHED(is_watched(path), "unlink", REAL(unlink)(path)); }

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  WATCHED((flags & O_CREAT) && is_watched(path), "create", REAL(open)(path, flags, mode));
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  static __typeof__(&clock_gettime) real;
  static atomic_int looks;
  if (real == NULL) real = REAL(clock_gettime);
  const int result = real(clock, time);
  const char *jump = getenv("FAULT_CLOCK");
  if (jump != NULL && clock == CLOCK_REALTIME) {
    time->tv_sec -= atoll(jump) * (atomic_fetch_add(&looks, 1) / 5);
  }
  return result;
}
