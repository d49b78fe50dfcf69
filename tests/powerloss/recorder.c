/* Records what a program does to the files of one folder, for the simulation of a power loss.
 *
 * Preloaded (Linux, glibc). In: RECORD_FOLDER (absolute, no link in it), RECORD_ACKS (the file whose
 * writes are acknowledgements), RECORD_TO. Out: one record for each change, in the order in which
 * they happened; the reader is tests/faults/power_loss/recording.rs. Not here: what a disk may make
 * of them. Calls that can't be recorded as writes are refused, so that the program falls back.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX], acks[PATH_MAX];
static size_t folder_len;
static int to = -1;

/* kind, node, folder and name of an entry, the folder and name it moves to, place, bytes. */
struct head {
    uint32_t kind, name_len, name2_len, bytes_len;
    uint64_t node, folder, folder2, offset;
};

__attribute__((constructor)) static void start(void) {
    const char *where = getenv("RECORD_TO"), *root = getenv("RECORD_FOLDER"), *ack = getenv("RECORD_ACKS");
    if (!where || !root || !ack) return;
    snprintf(folder, sizeof folder, "%s", root);
    snprintf(acks, sizeof acks, "%s", ack);
    folder_len = strlen(folder);
    to = (int)syscall(SYS_openat, AT_FDCWD, where, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (to < 0) abort();
    unsetenv("LD_PRELOAD"); /* Programs that this one starts are not recorded. */
}

static void put(const void *bytes, size_t len) {
    const char *at = bytes;
    while (len > 0) {
        long done = syscall(SYS_write, to, at, len);
        if (done <= 0) abort();
        at += done;
        len -= (size_t)done;
    }
}

static void record(struct head head, const char *name, const char *name2, const void *bytes) {
    head.name_len = name ? (uint32_t)strlen(name) : 0;
    head.name2_len = name2 ? (uint32_t)strlen(name2) : 0;
    put(&head, sizeof head);
    put(name, head.name_len);
    put(name2, head.name2_len);
    put(bytes, head.bytes_len);
}

static int below(const char *path) {
    return to >= 0 && strncmp(path, folder, folder_len) == 0 && (path[folder_len] == '/' || path[folder_len] == 0);
}

/* The path that an open file has; answers whether it is one to record. */
static int of_file(int fd, char *path) {
    char link[64];
    if (to < 0 || fd < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long len = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (len <= 0) return 0;
    path[len] = 0;
    return below(path) || strcmp(path, acks) == 0;
}

/* The absolute path of what a call names. */
static int of_name(int at, const char *name, char *path) {
    if (to < 0 || !name) return 0;
    if (name[0] == '/') snprintf(path, PATH_MAX, "%s", name);
    else {
        char base[PATH_MAX];
        if (at == AT_FDCWD) {
            if (!getcwd(base, sizeof base)) return 0;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", at);
            long len = syscall(SYS_readlinkat, AT_FDCWD, link, base, PATH_MAX - 1);
            if (len <= 0) return 0;
            base[len] = 0;
        }
        if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) return 0;
    }
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/') path[--len] = 0;
    return below(path);
}

static uint64_t node_of(const char *path) {
    struct stat found;
    return lstat(path, &found) == 0 ? found.st_ino : 0;
}

static uint64_t folder_of(const char *path) {
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    if (!slash || slash == parent) return 0;
    *slash = 0;
    return node_of(parent);
}

static const char *last(const char *path) { return strrchr(path, '/') + 1; }

static uint64_t node_at(int fd) {
    struct stat found;
    return fstat(fd, &found) == 0 ? found.st_ino : 0;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define LOCKED for (int once = (pthread_mutex_lock(&order), 1); once; once = (pthread_mutex_unlock(&order), 0))

static int opened(int at, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    int fd = -1, failure = 0;
    LOCKED {
        int ours = of_name(at, name, path);
        uint64_t before = ours ? node_of(path) : 0;
        fd = (int)syscall(SYS_openat, at, name, flags, mode);
        failure = errno;
        if (fd >= 0 && ours && (flags & O_CREAT) && !before)
            record((struct head){.kind = 'c', .node = node_at(fd), .folder = folder_of(path)}, last(path), NULL, NULL);
        else if (fd >= 0 && ours && before && (flags & O_TRUNC))
            record((struct head){.kind = 't', .node = before}, NULL, NULL, NULL);
    }
    errno = failure;
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return opened(AT_FDCWD, name, flags | O_LARGEFILE, mode); }
int openat(int at, const char *name, int flags, ...) { MODE(flags) return opened(at, name, flags, mode); }
int openat64(int at, const char *name, int flags, ...) { MODE(flags) return opened(at, name, flags | O_LARGEFILE, mode); }
int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static ssize_t written(int fd, const void *bytes, size_t len, off_t offset) {
    char path[PATH_MAX];
    if (!of_file(fd, path))
        return offset < 0 ? syscall(SYS_write, fd, bytes, len) : syscall(SYS_pwrite64, fd, bytes, len, offset);
    ssize_t done = -1;
    int failure = 0;
    LOCKED {
        done = offset < 0 ? syscall(SYS_write, fd, bytes, len) : syscall(SYS_pwrite64, fd, bytes, len, offset);
        failure = errno;
        /* After the call, since a file that is only appended to has its place from it. */
        if (done > 0)
            record((struct head){.kind = strcmp(path, acks) == 0 ? 'a' : 'w', .node = node_at(fd), .bytes_len = (uint32_t)done,
                                 .offset = (uint64_t)(offset < 0 ? lseek(fd, 0, SEEK_CUR) - done : offset)}, NULL, NULL, bytes);
    }
    errno = failure;
    return done;
}

ssize_t write(int fd, const void *bytes, size_t len) { return written(fd, bytes, len, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset) { return written(fd, bytes, len, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t offset) { return written(fd, bytes, len, offset); }
ssize_t writev(int fd, const struct iovec *parts, int count) {
    char path[PATH_MAX];
    if (!of_file(fd, path)) return syscall(SYS_writev, fd, parts, count);
    /* A short write is allowed: the caller goes on with the rest. */
    for (int index = 0; index < count; index++)
        if (parts[index].iov_len > 0) return written(fd, parts[index].iov_base, parts[index].iov_len, -1);
    return 0;
}

static int synced(int fd, long call) {
    char path[PATH_MAX];
    int answer = -1, failure = 0;
    if (!of_file(fd, path)) return (int)syscall(call, fd);
    LOCKED {
        answer = (int)syscall(call, fd);
        failure = errno;
        if (answer == 0) record((struct head){.kind = 's', .node = node_at(fd)}, NULL, NULL, NULL);
    }
    errno = failure;
    return answer;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int ftruncate(int fd, off_t len) {
    char path[PATH_MAX];
    int answer = -1, failure = 0;
    if (!of_file(fd, path)) return (int)syscall(SYS_ftruncate, fd, len);
    LOCKED {
        answer = (int)syscall(SYS_ftruncate, fd, len);
        failure = errno;
        if (answer == 0) record((struct head){.kind = 't', .node = node_at(fd), .offset = (uint64_t)len}, NULL, NULL, NULL);
    }
    errno = failure;
    return answer;
}
int ftruncate64(int fd, off_t len) { return ftruncate(fd, len); }

static int removed(int at, const char *name, int flags) {
    char path[PATH_MAX];
    int answer = -1, failure = 0;
    LOCKED {
        int ours = of_name(at, name, path);
        answer = (int)syscall(SYS_unlinkat, at, name, flags);
        failure = errno;
        if (answer == 0 && ours) record((struct head){.kind = 'u', .folder = folder_of(path)}, last(path), NULL, NULL);
    }
    errno = failure;
    return answer;
}

int unlink(const char *name) { return removed(AT_FDCWD, name, 0); }
int unlinkat(int at, const char *name, int flags) { return removed(at, name, flags); }
int rmdir(const char *name) { return removed(AT_FDCWD, name, AT_REMOVEDIR); }

static int moved(int at, const char *name, int at2, const char *name2, unsigned flags) {
    char path[PATH_MAX], path2[PATH_MAX];
    int answer = -1, failure = 0;
    LOCKED {
        int ours = of_name(at, name, path), ours2 = of_name(at2, name2, path2);
        uint64_t node = ours ? node_of(path) : 0;
        answer = (int)syscall(SYS_renameat2, at, name, at2, name2, flags);
        failure = errno;
        if (answer == 0 && (ours || ours2))
            /* What comes from elsewhere, or goes there, was written unseen. */
            record((struct head){.kind = ours && ours2 ? 'r' : '!', .node = node, .folder = folder_of(path), .folder2 = folder_of(path2)},
                   last(path), last(path2), NULL);
    }
    errno = failure;
    return answer;
}

int rename(const char *name, const char *name2) { return moved(AT_FDCWD, name, AT_FDCWD, name2, 0); }
int renameat(int at, const char *name, int at2, const char *name2) { return moved(at, name, at2, name2, 0); }
int renameat2(int at, const char *name, int at2, const char *name2, unsigned flags) { return moved(at, name, at2, name2, flags); }

int linkat(int at, const char *name, int at2, const char *name2, int flags) {
    char path[PATH_MAX];
    int answer = -1, failure = 0;
    LOCKED {
        int ours = of_name(at2, name2, path);
        answer = (int)syscall(SYS_linkat, at, name, at2, name2, flags);
        failure = errno;
        if (answer == 0 && ours)
            record((struct head){.kind = 'l', .node = node_of(path), .folder = folder_of(path)}, last(path), NULL, NULL);
    }
    errno = failure;
    return answer;
}
int link(const char *name, const char *name2) { return linkat(AT_FDCWD, name, AT_FDCWD, name2, 0); }

int mkdirat(int at, const char *name, mode_t mode) {
    char path[PATH_MAX];
    int answer = -1, failure = 0;
    LOCKED {
        int ours = of_name(at, name, path);
        answer = (int)syscall(SYS_mkdirat, at, name, mode);
        failure = errno;
        if (answer == 0 && ours)
            record((struct head){.kind = 'm', .node = node_of(path), .folder = folder_of(path)}, last(path), NULL, NULL);
    }
    errno = failure;
    return answer;
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

/* Copies inside the kernel and room without bytes: callers fall back to plain writes. */
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *into, size_t len, unsigned flags) {
    (void)in, (void)from, (void)out, (void)into, (void)len, (void)flags;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile64(int out, int in, off64_t *from, size_t len) {
    (void)in, (void)from, (void)out, (void)len;
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile(int out, int in, off_t *from, size_t len) { return sendfile64(out, in, from, len); }
int fallocate64(int fd, int mode, off64_t from, off64_t len) {
    (void)fd, (void)mode, (void)from, (void)len;
    errno = EOPNOTSUPP;
    return -1;
}
int fallocate(int fd, int mode, off_t from, off_t len) { return fallocate64(fd, mode, from, len); }
