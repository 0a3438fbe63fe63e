/* Records every call that changes a file under a folder, with its bytes, so that a power cut can be played.

   Preloaded into a Python that runs commands of dealwright. A record is a line `CALL OFFSET SIZE PATH [PATH]` with
   the bytes after it; the log is written with raw system calls, so that it never records itself. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static int out = -1;

void record_start(const char *under, const char *log) {
    snprintf(folder, sizeof folder, "%s", under);
    out = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static int whole(const char *path, char *into) {
    if (out < 0 || !path) return 0;
    if (path[0] == '/') {
        snprintf(into, PATH_MAX, "%s", path);
    } else {
        char here[PATH_MAX / 2];
        if (!getcwd(here, sizeof here)) return 0;
        snprintf(into, PATH_MAX, "%s/%.*s", here, PATH_MAX / 2 - 2, path);
    }
    return strncmp(into, folder, strlen(folder)) == 0;
}

static int path_of(int file, char *into) {
    char link[64];
    ssize_t got;
    if (out < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    got = readlink(link, into, PATH_MAX - 1);
    if (got < 0) return 0;
    into[got] = 0;
    return strncmp(into, folder, strlen(folder)) == 0;
}

static void record(const char *what, long long at, const void *bytes, size_t size, const char *path, const char *to) {
    char line[2 * PATH_MAX + 80];
    int length = snprintf(line, sizeof line, "%s %lld %zu %s%s%s\n", what, at, size, path, to ? "\t" : "", to ? to : "");
    syscall(SYS_write, out, line, (size_t)length);
    if (size && bytes) syscall(SYS_write, out, bytes, size);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static void opening(const char *path, int flags) {
    char name[PATH_MAX];
    struct stat seen;
    if (!(flags & (O_CREAT | O_TRUNC)) || !whole(path, name)) return;
    if (syscall(SYS_newfstatat, AT_FDCWD, name, &seen, AT_SYMLINK_NOFOLLOW) != 0) {
        if (flags & O_CREAT) record("create", 0, 0, 0, name, 0);
    } else if (flags & O_TRUNC) {
        record("truncate", 0, 0, 0, name, 0);
    }
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        mode_t bits = 0; \
        va_list rest; \
        REAL(int, #name, const char *, int, ...); \
        va_start(rest, flags); \
        if (flags & (O_CREAT | O_TMPFILE)) bits = va_arg(rest, mode_t); \
        va_end(rest); \
        opening(path, flags); \
        return real(path, flags, bits); \
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
        opening(path, flags); \
        return real(at, path, flags, bits); \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void *bytes, size_t count) {
    char name[PATH_MAX];
    ssize_t done;
    REAL(ssize_t, "write", int, const void *, size_t);
    if (file == out || !path_of(file, name)) return real(file, bytes, count);
    done = real(file, bytes, count);
    if (done > 0) record("write", (long long)lseek(file, 0, SEEK_CUR) - done, bytes, (size_t)done, name, 0);
    return done;
}

#define PWRITE(name, offset_type) \
    ssize_t name(int file, const void *bytes, size_t count, offset_type at) { \
        char path[PATH_MAX]; \
        ssize_t done; \
        REAL(ssize_t, #name, int, const void *, size_t, offset_type); \
        done = real(file, bytes, count, at); \
        if (done > 0 && path_of(file, path)) record("write", (long long)at, bytes, (size_t)done, path, 0); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(name) \
    int name(int file) { \
        char path[PATH_MAX]; \
        int done; \
        REAL(int, #name, int); \
        done = real(file); \
        if (done == 0 && path_of(file, path)) record("sync", 0, 0, 0, path, 0); \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, offset_type) \
    int name(int file, offset_type size) { \
        char path[PATH_MAX]; \
        int done; \
        REAL(int, #name, int, offset_type); \
        done = real(file, size); \
        if (done == 0 && path_of(file, path)) record("truncate", (long long)size, 0, 0, path, 0); \
        return done; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define ON_PATH(name, what) \
    int name(const char *path) { \
        char full[PATH_MAX]; \
        int done; \
        REAL(int, #name, const char *); \
        done = real(path); \
        if (done == 0 && whole(path, full)) record(what, 0, 0, 0, full, 0); \
        return done; \
    }
ON_PATH(unlink, "unlink")
ON_PATH(rmdir, "rmdir")

int rename(const char *from, const char *to) {
    char one[PATH_MAX], other[PATH_MAX];
    int done;
    REAL(int, "rename", const char *, const char *);
    done = real(from, to);
    if (done == 0 && whole(from, one) && whole(to, other)) record("rename", 0, 0, 0, one, other);
    return done;
}

int mkdir(const char *path, mode_t bits) {
    char full[PATH_MAX];
    int done;
    REAL(int, "mkdir", const char *, mode_t);
    done = real(path, bits);
    if (done == 0 && whole(path, full)) record("mkdir", 0, 0, 0, full, 0);
    return done;
}
