/* How many statements a second the checker reads on one core, beside a ceiling: looking at every
 * byte of them and hashing each word, which no reader of words can do without.
 *
 *   bench_targets_check FILE SECONDS   FILE has a statement in the last cell of each line */
#include "base/buf.h"
#include "base/clock.h"
#include "base/must.h"
#include "checker.h"
#include "checker_lexicon.h"

#include <stdio.h>
#include <stdlib.h>

#define STATEMENTS_MAX 4096

struct work {
    struct checker *checker;
    struct buf arena;
    size_t count;
    struct text at[STATEMENTS_MAX];
    uint64_t seen; /* so that no work can be left out */
};

static void check_one(struct work *work, struct text statement)
{
    struct check check;
    buf_clear(&work->arena);
    checker_check(work->checker, statement, &work->arena, &check);
    work->seen += (uint64_t)check.class;
}

static void hash_one(struct work *work, struct text statement)
{
    while (statement.len)
        work->seen += lexicon_hash(text_cut(statement, ' ', &statement));
}

static void measure(
    const char *what, void (*step)(struct work *, struct text), struct work *work, uint64_t seconds)
{
    uint64_t times = 0, began_us = clock_mono_us(), took_us;
    do {
        for (size_t i = 0; i < work->count; i++)
            step(work, work->at[i]);
        times += work->count;
        took_us = clock_mono_us() - began_us;
    } while (took_us < seconds * 1000000);
    (void)printf("%s %.0f\n", what, (double)times * 1e6 / (double)took_us);
}

static void load(struct work *work, const char *path)
{
    char *bytes = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "rbe");
    if (!file) {
        perror(path);
        exit(2);
    }
    ssize_t len = getdelim(&bytes, &room, -1, file);
    (void)fclose(file);
    must(len > 0);
    struct text rest = {bytes, (size_t)len};
    while (rest.len) {
        struct text line = text_cut(rest, '\n', &rest), cell;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        do
            cell = text_cut(line, '\t', &line);
        while (line.at);
        must(work->count < STATEMENTS_MAX);
        work->at[work->count++] = cell;
    }
    must(work->count > 0);
}

int main(int argc, char **argv)
{
    static struct work work;
    must(argc == 3);
    uint64_t seconds = strtoul(argv[2], NULL, 10);
    work.arena = BUF(4096);
    work.checker = checker_new();
    load(&work, argv[1]);
    measure("check", check_one, &work, seconds);
    measure("hash_words", hash_one, &work, seconds);
    checker_free(work.checker);
    buf_free(&work.arena);
    return work.seen == 0;
}
