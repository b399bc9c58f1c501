/* misaq redis-users: the file of users that Redis reads, from docker/users.acl, with a password for
 * each that nobody has to think of. */
#include "commands.h"

#include "base/must.h"
#include "base/settings.h"
#include "tree.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

#define FILE_MAX    (64u << 10)
#define SECRET_SIZE 32
#define HEX_SIZE    (2 * SECRET_SIZE + 1)

__asm__(".section .rodata\n.globl misaq_users_acl\nmisaq_users_acl:\n"
        ".incbin \"docker/users.acl\"\n.byte 0\n.previous\n");
extern const char misaq_users_acl[];
extern char **environ;

/* Copies a line with the name of the government where the table has PK. */
static void add_rules(struct buf *out, struct text line, const char *government)
{
    const struct text place = TEXT_LITERAL("{PK}");
    for (size_t i = 0; i < line.len;) {
        struct text rest = {line.at + i, line.len - i};
        if (text_starts(rest, place)) {
            buf_printf(out, "{%s}", government);
            i += place.len;
        } else
            buf_char(out, line.at[i++]);
    }
}

/* Redis keeps the digest, the program reads the file. */
static enum err add_password(
    struct tree *tree, struct text user, struct buf *out, struct faults *why)
{
    unsigned char secret[SECRET_SIZE], sum[crypto_hash_sha256_BYTES];
    char hex[HEX_SIZE], digest[HEX_SIZE], name[64];
    randombytes_buf(secret, sizeof secret);
    (void)sodium_bin2hex(hex, sizeof hex, secret, sizeof secret);
    crypto_hash_sha256(sum, (const unsigned char *)hex, strlen(hex));
    (void)sodium_bin2hex(digest, sizeof digest, sum, sizeof sum);
    buf_printf(out, " #%s", digest);
    (void)snprintf(name, sizeof name, "%.*s.password", TEXT_ARG(user));
    return tree_write(tree, name, text_of(hex), why);
}

static enum err add_user(struct tree *tree, struct text line, const char *government,
    struct buf *out, struct faults *why)
{
    struct text rest;
    (void)text_cut(line, ' ', &rest); /* "user" */
    struct text user = text_cut(rest, ' ', &rest);
    add_rules(out, line, government);
    enum err err = text_is(user, "default") ? OK : add_password(tree, user, out, why);
    buf_char(out, '\n');
    return err;
}

static enum err write_users(const char *folder, const char *government, struct faults *why)
{
    BUF_CLEANUP struct buf out = BUF(FILE_MAX);
    struct tree tree = {.top = folder};
    enum err err = OK;
    must(sodium_init() >= 0);
    if (mkdir(folder, 0700) != 0)
        return faults_add(why, ERR_UNAVAILABLE, folder, "%s: name a new folder", strerror(errno));
    for (struct text rest = text_of(misaq_users_acl); rest.len && err == OK;) {
        struct text line = text_cut(rest, '\n', &rest);
        if (text_starts(line, TEXT_LITERAL("user ")))
            err = add_user(&tree, line, government, &out, why);
    }
    must(!out.full);
    if (err == OK)
        err = tree_write(&tree, "users.acl", buf_as_text(&out), why);
    return err == OK && !tree_sync(folder)
               ? faults_add(why, ERR_UNAVAILABLE, folder, "%s", strerror(errno))
               : err;
}

int command_redis_users(int argc, char **argv)
{
    static struct settings settings;
    static struct faults why;
    if (argc != 2 || argv[1][0] == '-')
        return command_misused("redis-users");
    enum err err = settings_read(environ, &settings, &why);
    if (err == OK)
        err = write_users(argv[1], settings.government, &why);
    if (err != OK) {
        (void)fprintf(stderr, "misaq: %s: %s\n", why.kept[0].member, why.kept[0].detail);
        return COMMAND_FAILED;
    }
    (void)printf(
        "Start Redis with --aclfile %s/users.acl; every program with MISAQ_REDIS_USER, its "
        "name, and MISAQ_REDIS_PASSWORD_FILE, %s/<name>.password\n",
        argv[1], argv[1]);
    return COMMAND_FINE;
}
