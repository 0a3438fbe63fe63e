/* Makes the n-th call that writes under a folder fail. Preloaded into a Python that runs commands of dealwright.

   Counted are: opening for writing, write, pwrite, fsync, fdatasync, ftruncate, rename, unlink and mkdir, of files
   under the folder given to fault_arm. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 4096
enum { ONCE, FROM_THEN_ON, SHORT };

static char folder[PATH_MAX];
static long armed, counted;
static int mode, error_number;
static char hit[64];
static unsigned char ours[FILES];

void fault_arm(const char *under, long nth, int how, int error) {
    snprintf(folder, sizeof folder, "%s", under);
    counted = 0;
    hit[0] = 0;
    mode = how;
    error_number = error;
    armed = nth; /* 0 only counts; negative switches off */
}

long fault_count(void) { return counted; }

const char *fault_hit(void) { return hit; }

static int under(const char *path) {
    char whole[PATH_MAX];
    if (!folder[0] || armed < 0 || !path) return 0;
    if (path[0] != '/') {
        char here[PATH_MAX / 2];
        if (!getcwd(here, sizeof here)) return 0;
        snprintf(whole, sizeof whole, "%s/%.*s", here, PATH_MAX / 2 - 2, path);
        path = whole;
    }
    return strncmp(path, folder, strlen(folder)) == 0;
}

/* Whether this call is to fail. */
static int strikes(const char *what) {
    counted++;
    if (!armed) return 0;
    if (counted != armed && !(mode != ONCE && counted > armed)) return 0;
    if (counted == armed) snprintf(hit, sizeof hit, "%s", what);
    return 1;
}

static int known(int file) { return file >= 0 && file < FILES && ours[file] && armed >= 0 && folder[0]; }

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int opened(const char *path, int flags, int file) {
    if (file >= 0 && file < FILES) ours[file] = (flags & (O_WRONLY | O_RDWR)) && under(path);
    return file;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        mode_t bits = 0; \
        va_list rest; \
        REAL(int, #name, const char *, int, ...); \
        va_start(rest, flags); \
        if (flags & (O_CREAT | O_TMPFILE)) bits = va_arg(rest, mode_t); \
        va_end(rest); \
        if ((flags & (O_WRONLY | O_RDWR)) && under(path) && strikes("open")) { errno = error_number; return -1; } \
        return opened(path, flags, real(path, flags, bits)); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) { \
        mode_t bits = 0; \
        va_list rest; \
        REAL(int, #name, int, const char *, int, ...); \
        va_start(rest, flags); \
        if (flags & (O_CREAT | O_TMPFILE)) bits = va_arg(rest, mode_t); \
        va_end(rest); \
        if ((flags & (O_WRONLY | O_RDWR)) && under(path) && strikes("open")) { errno = error_number; return -1; } \
        return opened(path, flags, real(at, path, flags, bits)); \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int file) {
    REAL(int, "close", int);
    if (file >= 0 && file < FILES) ours[file] = 0;
    return real(file);
}

/* A short write puts half of it on the disk; all that follows finds the disk full. */
ssize_t write(int file, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (known(file) && strikes("write")) {
        if (mode == SHORT && counted == armed && count > 1) return real(file, bytes, count / 2);
        errno = error_number;
        return -1;
    }
    return real(file, bytes, count);
}

#define PWRITE(name, offset_type) \
    ssize_t name(int file, const void *bytes, size_t count, offset_type at) { \
        REAL(ssize_t, #name, int, const void *, size_t, offset_type); \
        if (known(file) && strikes("pwrite")) { \
            if (mode == SHORT && counted == armed && count > 1) return real(file, bytes, count / 2, at); \
            errno = error_number; \
            return -1; \
        } \
        return real(file, bytes, count, at); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ON_FILE(name, what) \
    int name(int file) { \
        REAL(int, #name, int); \
        if (known(file) && strikes(what)) { errno = error_number; return -1; } \
        return real(file); \
    }
ON_FILE(fsync, "fsync")
ON_FILE(fdatasync, "fsync")

#define TRUNCATE(name, offset_type) \
    int name(int file, offset_type size) { \
        REAL(int, #name, int, offset_type); \
        if (known(file) && strikes("truncate")) { errno = error_number; return -1; } \
        return real(file, size); \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    if (under(to) && strikes("rename")) { errno = error_number; return -1; }
    return real(from, to);
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    /* A full disk still lets go of files. */
    if (under(path) && strikes("unlink") && error_number != ENOSPC) { errno = error_number; return -1; }
    return real(path);
}

int mkdir(const char *path, mode_t bits) {
    REAL(int, "mkdir", const char *, mode_t);
    if (under(path) && strikes("mkdir")) { errno = error_number; return -1; }
    return real(path, bits);
}
