/* What is written is read back, whatever its size; what was damaged, cut or made up is refused. */
#include "base/must.h"
#include "file.h"
#include "tar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define FILES 8
#define BLOCK 512

static const size_t sizes[FILES] = {0, 1, 511, 512, 513, 1024, 4096, 70001};
static char content[70001];

static void name_of(size_t index, char out[32])
{
    (void)snprintf(out, 32, "documents/%zu.json", index);
}

/* An archive of FILES files, one of which was begun twice; its bytes in `out`. */
static void make(struct buf *out)
{
    char folder[] = "/tmp/misaq-tar-XXXXXX", path[64], name[32];
    struct tar_writer tar, before;
    must(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a.tar", folder);
    must(tar_create(&tar, path, 1600000000));
    for (size_t i = 0; i < FILES; i++) {
        name_of(i, name);
        if (i == 4) {
            before = tar;
            tar_begin(&tar, name);
            tar_add(&tar, (struct text){content, 3000});
            must(tar_undo(&tar, &before));
        }
        tar_begin(&tar, name);
        tar_add(&tar, (struct text){content, sizes[i] / 2});
        tar_add(&tar, (struct text){content + sizes[i] / 2, sizes[i] - sizes[i] / 2});
        tar_end(&tar);
    }
    must(tar_finish(&tar));
    assert_false(tar_create(&before, path, 0)); /* never over what is there */
    must(file_read(path, out));
    (void)unlink(path);
    (void)rmdir(folder);
}

/* How many entries come before the end or the first that is refused; *ret_err: what ended it. */
static size_t walk(struct text archive, enum err *ret_err)
{
    static struct faults why;
    struct tar_entry entry;
    size_t count = 0;
    faults_clear(&why);
    while ((*ret_err = tar_next(&archive, &entry, &why)) == OK)
        count++;
    return count;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static struct faults why;
    BUF_CLEANUP struct buf bytes = BUF(1u << 20), sums = BUF(4096);
    struct tar_entry entry;
    char name[32];
    make(&bytes);
    struct text rest = buf_as_text(&bytes);
    for (size_t i = 0; i < FILES; i++) {
        assert_int_equal(tar_next(&rest, &entry, &why), OK);
        name_of(i, name);
        assert_true(text_is(entry.name, name));
        assert_int_equal(entry.bytes.len, sizes[i]);
        assert_memory_equal(entry.bytes.at, content, sizes[i]);
        struct digest digest = digest_of(entry.bytes);
        tar_sum(&sums, entry.name, &digest);
    }
    assert_int_equal(tar_next(&rest, &entry, &why), OK);
    assert_true(text_is(entry.name, TAR_SUMS));
    assert_true(text_equal(entry.bytes, buf_as_text(&sums)));
    assert_int_equal(tar_next(&rest, &entry, &why), ERR_NOT_FOUND);
}

static void every_cut_is_noticed(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf bytes = BUF(1u << 20);
    enum err err;
    make(&bytes);
    size_t whole = bytes.len - 2 * BLOCK; /* then come the zeros of the end */
    for (size_t len = 0; len <= whole; len += len % BLOCK == BLOCK - 1 ? 1 : BLOCK - 1) {
        assert_true(walk((struct text){bytes.at, len}, &err) <= FILES + 1);
        assert_int_equal(err, ERR_INVALID);
    }
    assert_int_equal(walk((struct text){bytes.at, bytes.len}, &err), FILES + 1);
    assert_int_equal(err, ERR_NOT_FOUND);
}

/* Every byte of the first header and of the padding behind a file. */
static void every_changed_byte_between_files_is_noticed(void **state)
{
    (void)state;
    BUF_CLEANUP struct buf bytes = BUF(1u << 20);
    enum err err;
    make(&bytes);
    struct text archive = buf_as_text(&bytes);
    for (size_t at = 0; at < 3 * BLOCK; at++) {
        if (at == 2 * BLOCK) /* the one byte of the second file */
            continue;
        bytes.at[at] = (char)(bytes.at[at] ^ 4);
        size_t count = walk(archive, &err);
        bool sum = at % BLOCK >= 148 && at % BLOCK < 156; /* spelled in more than one way */
        if (!sum && err != ERR_INVALID)
            fail_msg("byte %zu: %zu entries, %s", at, count, err_word(err));
        bytes.at[at] = (char)(bytes.at[at] ^ 4);
    }
}

static void sizes_that_lie_are_refused(void **state)
{
    (void)state;
    static const char *const lies[] = {"77777777777", "00000000777", "", "-1", "0x1", "9"};
    BUF_CLEANUP struct buf bytes = BUF(1u << 20);
    enum err err;
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        buf_clear(&bytes);
        make(&bytes);
        memset(bytes.at + 124, 0, 12);
        memcpy(bytes.at + 124, lies[i], strlen(lies[i]));
        unsigned sum = 8 * ' ';
        for (size_t at = 0; at < BLOCK; at++)
            sum += at >= 148 && at < 156 ? 0 : (unsigned char)bytes.at[at];
        (void)snprintf(bytes.at + 148, 8, "%06o", sum);
        assert_true(walk((struct text){bytes.at, 4 * BLOCK}, &err) <= 1);
        assert_int_equal(err, ERR_INVALID);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (char)('a' + i % 23);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(every_changed_byte_between_files_is_noticed),
        cmocka_unit_test(sizes_that_lie_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
