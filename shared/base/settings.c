#include "base/settings.h"

#include "base/log.h"
#include "base/must.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum setting_kind { SETTING_WORD, SETTING_SECRET, SETTING_AMOUNT };

struct setting {
    enum setting_kind kind;
    const char *name; /* as in the table: lower case, without the prefix */
    size_t offset;
    uint64_t least, most, preset_amount;
    const char *preset_word;
    const char *sentence;
};

static const struct setting table[] = {
#define WORD(name, preset, sentence)                                                               \
    {SETTING_WORD, #name, offsetof(struct settings, name), 0, 0, 0, preset, sentence},
#define SECRET(name, sentence)                                                                     \
    {SETTING_SECRET, #name, offsetof(struct settings, name), 0, 0, 0, "", sentence},
#define AMOUNT(name, least, most, preset, sentence)                                                \
    {SETTING_AMOUNT, #name, offsetof(struct settings, name), least, most, preset, NULL, sentence},
#include "base/settings.def"
#undef WORD
#undef SECRET
#undef AMOUNT
};

#define SETTINGS (sizeof table / sizeof *table)
#define PREFIX   "MISAQ_"

static char *word_at(const struct setting *row, struct settings *settings)
{
    return (char *)settings + row->offset;
}

static uint64_t *amount_at(const struct setting *row, struct settings *settings)
{
    return (uint64_t *)(void *)((char *)settings + row->offset);
}

static const struct setting *row_of(struct text name, bool *ret_file)
{
    must(name.at);
    for (size_t i = 0; i < SETTINGS; i++) {
        size_t len = strlen(table[i].name);
        if (name.len < len || strncasecmp(table[i].name, name.at, len) != 0)
            continue;
        struct text rest = {name.at + len, name.len - len};
        *ret_file = table[i].kind == SETTING_SECRET && text_is(rest, "_FILE");
        if (rest.len == 0 || *ret_file)
            return &table[i];
    }
    return NULL;
}

static bool is_upper(struct text name)
{
    must(name.at);
    for (size_t i = 0; i < name.len; i++)
        if (islower((unsigned char)name.at[i]))
            return false;
    return true;
}

static void read_secret_file(const char *path, char *out, const char *name, struct faults *why)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        faults_add(why, ERR_INVALID, name, "cannot open the file %s: %s", path, strerror(errno));
        return;
    }
    size_t len = fread(out, 1, SETTING_WORD_SIZE, file);
    (void)fclose(file);
    if (len == SETTING_WORD_SIZE) {
        faults_add(why, ERR_INVALID, name, "the file %s is longer than 255 bytes", path);
        len = 0;
    }
    while (len && (out[len - 1] == '\n' || out[len - 1] == '\r'))
        len--;
    out[len] = '\0';
}

static void read_one(const char *variable, struct settings *settings, struct faults *why)
{
    struct text value, name = text_cut(text_of(variable), '=', &value);
    char shown[80];
    (void)snprintf(shown, sizeof shown, "%.*s", TEXT_ARG(name));
    bool from_file = false;
    struct text bare = {variable + sizeof PREFIX - 1, name.len - (sizeof PREFIX - 1)};
    const struct setting *row = is_upper(bare) ? row_of(bare, &from_file) : NULL;
    if (!row)
        faults_add(why, ERR_INVALID, shown, "is not a setting; --help lists them");
    else if (!value.at)
        faults_add(why, ERR_INVALID, shown, "has no value");
    else if (from_file)
        read_secret_file(value.at, word_at(row, settings), shown, why);
    else if (row->kind != SETTING_AMOUNT && value.len >= SETTING_WORD_SIZE)
        faults_add(why, ERR_INVALID, shown, "is longer than 255 bytes");
    else if (row->kind != SETTING_AMOUNT)
        memcpy(word_at(row, settings), value.at, value.len + 1);
    else {
        uint64_t amount;
        if (!text_whole(value, row->most, &amount) || amount < row->least)
            faults_add(why, ERR_INVALID, shown, "\"%.*s\" is not a whole number from %llu to %llu",
                TEXT_ARG(value), (unsigned long long)row->least, (unsigned long long)row->most);
        else
            *amount_at(row, settings) = amount;
    }
}

static bool level_of(const char *word, enum log_level *ret_level)
{
    static const char *const words[] = {"debug", "info", "warn", "error"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *ret_level = (enum log_level)i;
            return true;
        }
    return false;
}

enum err settings_read(char *const *environment, struct settings *ret_settings, struct faults *why)
{
    struct settings read = {0};
    for (size_t i = 0; i < SETTINGS; i++)
        if (table[i].kind == SETTING_AMOUNT)
            *amount_at(&table[i], &read) = table[i].preset_amount;
        else
            (void)snprintf(
                word_at(&table[i], &read), SETTING_WORD_SIZE, "%s", table[i].preset_word);
    for (char *const *at = environment; *at; at++)
        if (strncmp(*at, PREFIX, sizeof PREFIX - 1) == 0)
            read_one(*at, &read, why);
    enum log_level level;
    if (!level_of(read.log, &level))
        faults_add(
            why, ERR_INVALID, "MISAQ_LOG", "\"%s\" is not debug, info, warn or error", read.log);
    if (read.behind_s && !read.demo)
        faults_add(why, ERR_INVALID, "MISAQ_BEHIND_S",
            "business time is the wall's in earnest: leave it out, or set MISAQ_DEMO=1");
    if (!read.origin[0])
        (void)snprintf(read.origin, sizeof read.origin, "misaq/%.200s", read.government);
    if (faults_err(why) == OK)
        *ret_settings = read;
    return faults_err(why);
}

static void write_name(struct buf *out, const char *name)
{
    buf_str(out, PREFIX);
    for (; *name; name++)
        buf_char(out, (char)toupper((unsigned char)*name));
}

void settings_write(const struct settings *settings, struct buf *out)
{
    struct settings copy = *settings;
    for (size_t i = 0; i < SETTINGS; i++) {
        write_name(out, table[i].name);
        buf_char(out, '=');
        if (table[i].kind == SETTING_AMOUNT)
            buf_whole(out, (int64_t)*amount_at(&table[i], &copy));
        else if (table[i].kind == SETTING_SECRET)
            buf_str(out, *word_at(&table[i], &copy) ? "(set)" : "(not set)");
        else
            buf_str(out, word_at(&table[i], &copy));
        buf_char(out, '\n');
    }
}

void settings_help(struct buf *out)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *row = &table[i];
        buf_str(out, "  ");
        write_name(out, row->name);
        if (row->kind == SETTING_AMOUNT)
            buf_printf(out, "  %llu to %llu, default %llu", (unsigned long long)row->least,
                (unsigned long long)row->most, (unsigned long long)row->preset_amount);
        else if (row->kind == SETTING_SECRET)
            buf_str(out, "  or ..._FILE");
        else
            buf_printf(out, "  default \"%s\"", row->preset_word);
        buf_printf(out, "\n      %s\n", row->sentence);
    }
}

void settings_markdown(struct buf *out)
{
    buf_str(out, "| setting | default | range | what it does |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct setting *row = &table[i];
        buf_str(out, "| `");
        write_name(out, row->name);
        if (row->kind == SETTING_AMOUNT)
            buf_printf(out, "` | %llu | %llu to %llu | ", (unsigned long long)row->preset_amount,
                (unsigned long long)row->least, (unsigned long long)row->most);
        else if (row->kind == SETTING_SECRET)
            buf_str(out, "` | | or `..._FILE` | ");
        else if (*row->preset_word)
            buf_printf(out, "` | `%s` | text | ", row->preset_word);
        else
            buf_str(out, "` | | text | ");
        buf_printf(out, "%s |\n", row->sentence);
    }
}

bool settings_next_address(const char **list, char out[SETTING_WORD_SIZE])
{
    while (**list == ',' || **list == ' ')
        (*list)++;
    size_t len = strcspn(*list, ", ");
    if (len == 0)
        return false;
    memcpy(out, *list, len);
    out[len] = '\0';
    *list += len;
    return true;
}

extern char **environ;

static void say_help(const struct settings_program *program)
{
    BUF_CLEANUP struct buf out = BUF(1u << 20);
    buf_printf(&out,
        "%s - %s\n\nusage: %s [--help | --check | --health%s]\n"
        "  --check   print the effective settings, without secrets\n"
        "  --health  ask the running program whether it is ready: exit 0 or 1\n%s\n"
        "settings, from the environment:\n",
        program->name, program->about, program->name, program->has_digest ? " | --digest" : "",
        program->has_digest ? "  --digest  fold the ledger anew and print its position and the "
                              "digest of the state\n"
                            : "");
    settings_help(&out);
    (void)fwrite(out.at, 1, out.len, stdout);
}

static void say_settings(const struct settings *settings)
{
    BUF_CLEANUP struct buf out = BUF(1u << 20);
    settings_write(settings, &out);
    (void)fwrite(out.at, 1, out.len, stdout);
}

bool settings_start(int argc, char **argv, const struct settings_program *program,
    struct settings *ret_settings, enum settings_task *ret_task, int *ret_code)
{
    static struct faults why;
    const char *word = argc > 1 ? argv[1] : "";
    bool check = strcmp(word, "--check") == 0;
    *ret_code = 0;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        say_help(program);
        return false;
    }
    *ret_task = argc < 2                                               ? SETTINGS_RUN
                : strcmp(word, "--health") == 0                        ? SETTINGS_HEALTH
                : strcmp(word, "--digest") == 0 && program->has_digest ? SETTINGS_DIGEST
                                                                       : 0;
    if (argc > 2 || (!check && *ret_task == 0)) {
        (void)fprintf(stderr, "%s: unknown argument \"%s\"; try --help\n", program->name,
            argc > 2 ? argv[2] : word);
        *ret_code = 2;
        return false;
    }
    faults_clear(&why);
    if (settings_read(environ, ret_settings, &why) != OK) {
        for (uint32_t i = 0; i < faults_kept(&why); i++)
            (void)fprintf(
                stderr, "%s: %s: %s\n", program->name, why.kept[i].member, why.kept[i].detail);
        *ret_code = 2;
        return false;
    }
    if (check) {
        say_settings(ret_settings);
        return false;
    }
    enum log_level level = LOG_INFO;
    (void)level_of(ret_settings->log, &level);
    log_open(program->name, level);
    return true;
}
