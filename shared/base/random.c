#include "base/random.h"

#include "base/must.h"

#include <sys/random.h>

/* One getrandom() per 4 KiB keeps the system call off the path of every request. Each thread has a
 * pool of its own: workers make ids too. */
static void random_bytes(unsigned char *out, size_t len)
{
    static _Thread_local unsigned char pool[4096];
    static _Thread_local size_t left;
    must(len <= sizeof pool);
    if (left < len) {
        for (left = 0; left < sizeof pool;) {
            ssize_t got = getrandom(pool + left, sizeof pool - left, 0);
            if (got > 0)
                left += (size_t)got;
        }
    }
    left -= len;
    memcpy(out, pool + left, len);
    memset(pool + left, 0, len);
}

void random_id(char out[RANDOM_ID_LEN + 1])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[RANDOM_ID_LEN / 2];
    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        out[2 * i] = hex[bytes[i] >> 4];
        out[2 * i + 1] = hex[bytes[i] & 15];
    }
    out[RANDOM_ID_LEN] = '\0';
}

uint32_t random_below(uint32_t below)
{
    uint32_t value;
    random_bytes((unsigned char *)&value, sizeof value);
    return value % below;
}
