#include "tar.h"

#include "base/must.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#define BLOCK    512
#define LEN_MAX  UINT64_C(077777777777) /* 11 octal digits */
#define SUMS_MAX (4u << 20)

/* The header of the standard, field by field; numbers in octal, terminated. */
struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], kind, link[100];
    char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

/* Its bytes added up, those of the sum itself taken for blanks. */
static unsigned sum_of(const struct header *header)
{
    unsigned sum = 8 * ' ';
    const unsigned char *at = (const unsigned char *)header;
    size_t from = offsetof(struct header, sum);
    for (size_t i = 0; i < BLOCK; i++)
        if (i < from || i >= from + sizeof header->sum)
            sum += at[i];
    return sum;
}

void tar_sum(struct buf *sums, struct text name, const struct digest *digest)
{
    char hex[DIGEST_HEX_SIZE];
    buf_printf(sums, "%s  %.*s\n", digest_to_hex(digest, hex), TEXT_ARG(name));
}

bool tar_create(struct tar_writer *tar, const char *path, int64_t mtime)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    *tar = (struct tar_writer){
        .mtime = mtime, .file = fd < 0 ? NULL : fdopen(fd, "wb"), .sums = BUF(SUMS_MAX)};
    return tar->file != NULL;
}

static void write_header(struct tar_writer *tar)
{
    struct header header = {.kind = '0', .magic = "ustar", .version = {'0', '0'}};
    (void)snprintf(header.name, sizeof header.name, "%s", tar->name);
    (void)snprintf(header.mode, sizeof header.mode, "%07o", 0644u);
    (void)snprintf(header.uid, sizeof header.uid, "%07o", 0u);
    (void)snprintf(header.gid, sizeof header.gid, "%07o", 0u);
    (void)snprintf(header.size, sizeof header.size, "%011" PRIo64, tar->len);
    (void)snprintf(header.mtime, sizeof header.mtime, "%011" PRIo64, (uint64_t)tar->mtime);
    (void)snprintf(header.sum, sizeof header.sum, "%06o", sum_of(&header));
    header.sum[7] = ' ';
    tar->failed |= tar->len > LEN_MAX || fwrite(&header, BLOCK, 1, tar->file) != 1;
}

void tar_begin(struct tar_writer *tar, const char *name)
{
    must(strlen(name) <= TAR_NAME_MAX);
    (void)snprintf(tar->name, sizeof tar->name, "%s", name);
    tar->begun = ftell(tar->file);
    tar->len = 0;
    tar->failed |= tar->begun < 0;
    (void)crypto_hash_sha256_init(&tar->sha256);
    write_header(tar); /* again when its size is known */
}

void tar_add(struct tar_writer *tar, struct text bytes)
{
    tar->failed |= bytes.len && fwrite(bytes.at, bytes.len, 1, tar->file) != 1;
    (void)crypto_hash_sha256_update(&tar->sha256, (const unsigned char *)bytes.at, bytes.len);
    tar->len += bytes.len;
}

void tar_end(struct tar_writer *tar)
{
    static const char zeros[BLOCK];
    size_t over = tar->len % BLOCK;
    if (over)
        tar->failed |= fwrite(zeros, BLOCK - over, 1, tar->file) != 1;
    tar->failed |= fseek(tar->file, tar->begun, SEEK_SET) != 0;
    write_header(tar);
    tar->failed |= fseek(tar->file, 0, SEEK_END) != 0;
    struct digest digest;
    (void)crypto_hash_sha256_final(&tar->sha256, digest.at);
    tar_sum(&tar->sums, text_of(tar->name), &digest);
}

bool tar_undo(struct tar_writer *tar, const struct tar_writer *before)
{
    long from = tar->begun;
    *tar = *before;
    return fflush(tar->file) == 0 && ftruncate(fileno(tar->file), from) == 0 &&
           fseek(tar->file, from, SEEK_SET) == 0;
}

bool tar_finish(struct tar_writer *tar)
{
    static const char zeros[2 * BLOCK];
    struct buf sums = tar->sums;
    tar->sums = BUF(BLOCK); /* they do not sum themselves */
    tar_begin(tar, TAR_SUMS);
    tar_add(tar, buf_as_text(&sums));
    tar_end(tar);
    tar->failed |= sums.full;
    buf_free(&sums);
    buf_free(&tar->sums);
    tar->failed |= fwrite(zeros, sizeof zeros, 1, tar->file) != 1 || fflush(tar->file) != 0 ||
                   fsync(fileno(tar->file)) != 0;
    tar->failed |= fclose(tar->file) != 0;
    return !tar->failed;
}

static bool read_octal(const char *at, size_t size, uint64_t *ret_value)
{
    uint64_t value = 0;
    size_t i = 0;
    for (; i < size && at[i] >= '0' && at[i] <= '7'; i++)
        value = value * 8 + (uint64_t)(at[i] - '0');
    *ret_value = value;
    return i > 0 && (i == size || at[i] == '\0' || at[i] == ' ');
}

static bool is_zero(const char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (at[i])
            return false;
    return true;
}

static const char *complaint_of(struct text rest, uint64_t *ret_len)
{
    struct header header;
    uint64_t sum;
    if (rest.len < BLOCK)
        return "ends in the middle: it was cut short";
    memcpy(&header, rest.at, BLOCK);
    if (memcmp(header.magic, "ustar", 5) != 0 || !read_octal(header.sum, sizeof header.sum, &sum) ||
        sum != sum_of(&header))
        return "is no tar file, or was damaged";
    if (header.kind != '0' || header.prefix[0])
        return "holds something else than the files of an archive";
    if (!read_octal(header.size, sizeof header.size, ret_len) ||
        (rest.len - BLOCK) < (*ret_len + BLOCK - 1) / BLOCK * BLOCK)
        return "ends in the middle: it was cut short";
    size_t whole = (size_t)(*ret_len + BLOCK - 1) / BLOCK * BLOCK;
    if (!is_zero(rest.at + BLOCK + *ret_len, whole - (size_t)*ret_len))
        return "was damaged between its files";
    return NULL;
}

enum err tar_next(struct text *rest, struct tar_entry *ret_entry, struct faults *why)
{
    uint64_t len = 0;
    if (rest->len >= BLOCK && is_zero(rest->at, rest->len))
        return ERR_NOT_FOUND;
    const char *complaint = complaint_of(*rest, &len);
    if (complaint)
        return faults_add(why, ERR_INVALID, "archive", "%s", complaint);
    ret_entry->name = (struct text){rest->at, strnlen(rest->at, TAR_NAME_MAX + 1)};
    ret_entry->bytes = (struct text){rest->at + BLOCK, (size_t)len};
    size_t whole = BLOCK + (size_t)(len + BLOCK - 1) / BLOCK * BLOCK;
    *rest = (struct text){rest->at + whole, rest->len - whole};
    return OK;
}
