#include "behind.h"

#include "base/clock.h"
#include "base/text.h"
#include "sample.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SETTING     "MISAQ_BEHIND_S"
#define DAYS_BEFORE 30         /* the first day of the cycle */
#define NOON_S      (7 * 3600) /* of UTC+5 */
#define DAY_S       86400
#define BEHIND_MOST UINT64_C(3155760000)

static int64_t begin_s(void)
{
    return ((int64_t)day_number(sample_cycle().starts_on) - DAYS_BEFORE) * DAY_S + NOON_S;
}

static enum err failed(struct faults *why, const char *path, const char *what)
{
    return faults_add(why, ERR_UNAVAILABLE, path, "%s: %s", what, strerror(errno));
}

static enum err write_new(const char *path, char out[24], struct faults *why)
{
    int len = snprintf(out, 24, "%" PRId64, clock_wall_ms() / 1000 - begin_s());
    FILE *file = fopen(path, "we");
    if (!file)
        return failed(why, path, "the file cannot be made");
    bool written = fwrite(out, 1, (size_t)len, file) == (size_t)len && fflush(file) == 0 &&
                   fsync(fileno(file)) == 0;
    if (fclose(file) != 0 || !written)
        return failed(why, path, "the file cannot be written");
    return OK;
}

static enum err read_old(FILE *file, const char *path, char out[24], struct faults *why)
{
    size_t len = fread(out, 1, 23, file);
    uint64_t seconds;
    out[len] = '\0';
    (void)fclose(file);
    if (!text_whole((struct text){out, len}, BEHIND_MOST, &seconds))
        return faults_add(why, ERR_INVALID, path,
            "does not say how many seconds business time runs behind: restore it, or begin "
            "another folder");
    return OK;
}

enum err behind_set(const struct folder *folder, struct faults *why)
{
    char path[FOLDER_NAME_SIZE], ledger[FOLDER_NAME_SIZE], seconds[24];
    (void)snprintf(path, sizeof path, "%s/behind", folder->home);
    (void)snprintf(ledger, sizeof ledger, "%s/redis/appendonlydir", folder->home);
    if (getenv(SETTING))
        return OK;
    FILE *file = fopen(path, "re");
    if (!file && access(ledger, F_OK) == 0)
        return OK;
    enum err err = file ? read_old(file, path, seconds, why) : write_new(path, seconds, why);
    if (err == OK)
        (void)setenv(SETTING, seconds, 1);
    return err;
}
