#include "follow_keys.h"

#include "facts/departments.h"
#include "proof/base64.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>
#include <zmq.h>

#define TOKEN_BYTES 32
#define FORM        "public %40s secret %40s token %63s"

static bool make_token(char out[FOLLOW_TOKEN_SIZE])
{
    unsigned char bytes[TOKEN_BYTES];
    BUF_CLEANUP struct buf text = BUF(FOLLOW_TOKEN_SIZE);
    if (sodium_init() < 0)
        return false;
    randombytes_buf(bytes, sizeof bytes);
    buf_str(&text, DEPARTMENT_TOKEN);
    base64_write(&text, BASE64_URL, (struct text){(const char *)bytes, sizeof bytes});
    (void)snprintf(out, FOLLOW_TOKEN_SIZE, "%.*s", TEXT_ARG(buf_as_text(&text)));
    return !text.full;
}

enum err follow_keys_make(const char *path, struct follow_keys *ret_keys, struct faults *why)
{
    char text[256];
    if (zmq_curve_keypair(ret_keys->public, ret_keys->secret) != 0 || !make_token(ret_keys->token))
        return faults_add(why, ERR_UNAVAILABLE, "", "no key can be made");
    int len = snprintf(text, sizeof text, "public %s\nsecret %s\ntoken %s\n", ret_keys->public,
        ret_keys->secret, ret_keys->token);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return faults_add(why, ERR_UNAVAILABLE, path, "%s", strerror(errno));
    bool fine = write(fd, text, (size_t)len) == len && fsync(fd) == 0;
    (void)close(fd);
    return fine ? OK : faults_add(why, ERR_UNAVAILABLE, path, "cannot be written");
}

enum err follow_keys_read(const char *path, struct follow_keys *ret_keys, struct faults *why)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return faults_add(why, ERR_UNAVAILABLE, path, "%s", strerror(errno));
    int count = fscanf(file, FORM, ret_keys->public, ret_keys->secret, ret_keys->token);
    (void)fclose(file);
    if (count != 3 || strlen(ret_keys->secret) != FOLLOW_KEY_SIZE - 1)
        return faults_add(
            why, ERR_INVALID, path, "has not the form that misaq follow --keygen writes");
    return OK;
}
