/* Runs a fuzzer without libFuzzer, so that `make test` needs no clang: every file of the corpus as
 * it is, then mutations of it from a seed that is printed. It sees no coverage; `make fuzz` does.
 * Same arguments as libFuzzer: [-runs=N] [-seed=N] [-max_len=N] folder-or-file ... */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUTS_MOST = 4096, INPUT_MOST = 1 << 20 };

struct input {
    uint8_t *at;
    size_t len;
};

static struct input corpus[INPUTS_MOST];
static size_t corpus_count;
static struct input now; /* what is being run, for the crash file */
static char crash_path[PATH_MAX];
static uint64_t state;

/* SplitMix64 (Steele, Lea, Flood 2014): any seed is as good as another. */
static uint64_t next(void)
{
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static size_t below(size_t limit)
{
    return (size_t)(next() % limit);
}

/* Leaves the input that killed us in a file; only calls that a signal handler may make. */
static void keep_crash(int number)
{
    int fd = open(crash_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    static const char words[] = "the input is kept in ";
    if (fd >= 0 && write(fd, now.at, now.len) >= 0 && write(2, words, sizeof words - 1) > 0 &&
        write(2, crash_path, strlen(crash_path)) > 0 && write(2, "\n", 1) > 0)
        (void)close(fd);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void run_one(const uint8_t *data, size_t len)
{
    /* A copy of just that size, so that the sanitizer sees one byte too far. */
    uint8_t *exact = malloc(len ? len : 1);
    if (!exact)
        abort();
    if (len)
        memcpy(exact, data, len);
    now = (struct input){exact, len};
    (void)LLVMFuzzerTestOneInput(exact, len);
    free(exact);
}

static void load_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    uint8_t *bytes = malloc(INPUT_MOST);
    if (!bytes || corpus_count == INPUTS_MOST) {
        (void)fprintf(stderr, "%s: too many inputs\n", path);
        exit(2);
    }
    size_t len = fread(bytes, 1, INPUT_MOST, file);
    (void)fclose(file);
    uint8_t *fitting = realloc(bytes, len ? len : 1);
    corpus[corpus_count++] = (struct input){fitting ? fitting : bytes, len};
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* In order of name: the same seed must meet the same corpus. A folder that is missing is empty. */
static void load(const char *path)
{
    struct stat is;
    if (stat(path, &is) != 0)
        return;
    if (!S_ISDIR(is.st_mode)) {
        load_file(path);
        return;
    }
    struct dirent **names;
    int count = scandir(path, &names, NULL, by_name);
    for (int i = 0; i < count; i++) {
        char file[PATH_MAX];
        int len = snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && len > 0 && (size_t)len < sizeof file)
            load_file(file);
        free(names[i]);
    }
    if (count >= 0)
        free(names);
}

/* Replaces `old` bytes at `place` by `fresh` from `from` (NULL: random ones), within max. */
static size_t exchange(uint8_t *data, size_t len, size_t max, size_t place, size_t old,
    const uint8_t *from, size_t fresh)
{
    if (len - old + fresh > max)
        return len;
    memmove(data + place + fresh, data + place + old, len - place - old);
    for (size_t i = 0; i < fresh; i++)
        data[place + i] = from ? from[i] : (uint8_t)next();
    return len - old + fresh;
}

static size_t mutate_once(uint8_t *data, size_t len, size_t max)
{
    static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0x8f, 0x90, 0xc0, 0xc1, 0xc4, 0xc6, 0xca,
        0xcf, 0xd9, 0xdb, 0xdd, 0xdf, 0xe0, 0xed, 0xf4, 0xff, '"', '\\', '{', '[', '/', '%', '.'};
    size_t place = below(len + 1), rest = len - place;
    size_t some = rest ? 1 + below(rest < 16 ? rest : 16) : 0;
    const struct input *other = &corpus[below(corpus_count)];
    switch (below(7)) {
    case 0:
        if (rest)
            data[place] ^= (uint8_t)(1u << below(8));
        return len;
    case 1:
        if (rest)
            data[place] = edges[below(sizeof edges)];
        return len;
    case 2: /* a length or a number, all ones or nearly */
        for (size_t i = 0; i < some && i < 8; i++)
            data[place + i] = i || below(2) ? 0xff : 0x7f;
        return len;
    case 3:
        return exchange(data, len, max, place, some, NULL, 0);
    case 4:
        return exchange(data, len, max, place, 0, NULL, 1 + below(8));
    case 5: {
        uint8_t again[16];
        memcpy(again, data + place, some);
        return exchange(data, len, max, below(len + 1), 0, again, some);
    }
    default: {
        size_t from = below(other->len + 1), count = other->len - from;
        count = count ? 1 + below(count) : 0;
        return exchange(data, len, max, place, below(2) ? some : rest, other->at + from, count);
    }
    }
}

static void mutate(uint64_t runs, size_t max)
{
    uint8_t *data = malloc(max);
    if (!data)
        abort();
    for (uint64_t run = 0; run < runs; run++) {
        const struct input *base = &corpus[below(corpus_count)];
        size_t len = base->len < max ? base->len : max;
        memcpy(data, base->at, len);
        for (size_t steps = 1 + below(6); steps > 0; steps--)
            len = mutate_once(data, len, max);
        run_one(data, len);
    }
    free(data);
}

/* The number of an argument like "-runs=100". */
static bool option(const char *argument, const char *name, uint64_t *ret_value)
{
    size_t len = strlen(name);
    if (strncmp(argument, name, len) != 0)
        return false;
    char *end;
    uint64_t value = strtoull(argument + len, &end, 10);
    if (end == argument + len || *end != '\0') {
        (void)fprintf(stderr, "%s: a number is missing\n", argument);
        exit(2);
    }
    *ret_value = value;
    return true;
}

int main(int argc, char **argv)
{
    uint64_t runs = 0, seed = (uint64_t)time(NULL), max = 4096;
    (void)snprintf(crash_path, sizeof crash_path, "%s.crash", argv[0]);
    for (int i = 1; i < argc; i++) {
        if (option(argv[i], "-runs=", &runs) || option(argv[i], "-seed=", &seed) ||
            option(argv[i], "-max_len=", &max) || argv[i][0] == '-')
            continue;
        load(argv[i]);
    }
    if (max == 0 || max > INPUT_MOST)
        max = INPUT_MOST;
    (void)signal(SIGABRT, keep_crash);
    (void)signal(SIGILL, keep_crash);
    state = seed;
    (void)fprintf(stderr, "seed %" PRIu64 ", %zu inputs\n", seed, corpus_count);
    if (corpus_count == 0)
        corpus[corpus_count++] = (struct input){calloc(1, 1), 0};
    for (size_t i = 0; i < corpus_count; i++)
        run_one(corpus[i].at, corpus[i].len);
    mutate(runs, (size_t)max);
    for (size_t i = 0; i < corpus_count; i++)
        free(corpus[i].at);
    return 0;
}
